// <live-region src="/patients/1/posts" data-of="1">: asks for its content again when the house says
// that something about "me" or this patient changed. Never takes focus, scroll or typed text.
import { listen } from "./live.js";
import { nodes } from "./trusted.js";

class LiveRegion extends HTMLElement {
  connectedCallback() {
    const of = this.dataset.of;
    this.stop = listen((pointer) => { if (pointer === of || pointer === "*") this.refresh(); });
    this.addEventListener("refresh", () => this.refresh());
    document.addEventListener("visibilitychange", this.woke = () => { if (!document.hidden && this.late) this.refresh(); });
  }

  disconnectedCallback() {
    this.stop?.();
    document.removeEventListener("visibilitychange", this.woke);
  }

  async refresh() {
    if (document.hidden) { this.late = true; return; }
    if (this.asking) { this.again = true; return; }
    this.asking = true;
    this.late = false;
    try {
      const answer = await fetch(this.getAttribute("src"), { headers: { "x-part": "1" }, redirect: "error" });
      if (answer.ok) this.show(await answer.text());
      if (answer.status === 401 || answer.status === 404) location.reload();
    } catch {
      // Offline or restarting: the stream opens again by itself and then everyone looks.
    }
    this.asking = false;
    if (this.again) { this.again = false; this.refresh(); }
  }

  // While someone types inside, new content waits until they are done.
  typing() {
    const fields = this.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])");
    return [...fields].some((field) => field.value !== field.defaultValue);
  }

  show(text) {
    if (this.typing()) { this.late = true; return; }
    const focused = this.contains(document.activeElement) ? document.activeElement : null;
    const path = focused && (focused.id || focused.closest("[id]")?.id);
    const name = focused?.tagName;
    const open = [...this.querySelectorAll("details[open][id]")].map((details) => details.id);
    const seen = [...this.querySelectorAll("[id]")].find((part) => part.getBoundingClientRect().bottom > 0);
    const top = seen?.getBoundingClientRect().top;
    this.replaceChildren(nodes(text));
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    const again = path && document.getElementById(path);
    if (again) (again.matches("a, button, summary") ? again : again.querySelector(name))?.focus({ preventScroll: true });
    const still = seen && document.getElementById(seen.id);
    if (still) window.scrollBy(0, still.getBoundingClientRect().top - top);
  }
}

customElements.define("live-region", LiveRegion);
