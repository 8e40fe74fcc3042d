// <form-guard data-draft="/…/draft" data-saved="保存しました" data-unsaved="…">: keeps what is typed.
// With an address for drafts it saves a moment after typing stops and says when; without one, or
// when saving fails, the browser asks before the page is left. A field client_at is told this device's clock.
class FormGuard extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.note = this.querySelector("output");
    this.addEventListener("input", () => this.changed());
    this.addEventListener("change", () => this.changed());
    this.addEventListener("submit", () => { if (this.form.elements.client_at) this.form.elements.client_at.value = new Date().toISOString(); });
    this.addEventListener("submit", (event) => queueMicrotask(() => { this.leaving = !event.defaultPrevented; }));
    window.addEventListener("beforeunload", this.ask = (event) => { if (this.dirty && !this.leaving) event.preventDefault(); });
    document.addEventListener("visibilitychange", this.hide = () => { if (document.hidden && this.dirty) this.save(); });
  }

  disconnectedCallback() {
    window.removeEventListener("beforeunload", this.ask);
    document.removeEventListener("visibilitychange", this.hide);
  }

  changed() {
    this.dirty = true;
    this.leaving = false;
    clearTimeout(this.timer);
    if (this.dataset.draft) this.timer = setTimeout(() => this.save(), 1500);
  }

  async save() {
    if (!this.dataset.draft || this.leaving) return;
    const body = new URLSearchParams([...new FormData(this.form)].filter(([, value]) => typeof value === "string"));
    const before = body.toString();
    try {
      const answer = await fetch(this.dataset.draft, { method: "POST", body, keepalive: before.length < 60000, redirect: "manual", headers: { "x-part": "1" } });
      if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(String(answer.status));
      const now = new URLSearchParams([...new FormData(this.form)].filter(([, value]) => typeof value === "string"));
      if (now.toString() === before) this.dirty = false;
      this.say(`${this.dataset.saved} ${new Date().toTimeString().slice(0, 5)}`);
    } catch {
      this.say(this.dataset.unsaved);
    }
  }

  say(text) {
    if (this.note) this.note.textContent = text;
  }
}

customElements.define("form-guard", FormGuard);
