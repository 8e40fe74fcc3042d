// <ack-button><form method="post">…</form></ack-button>: sends the form without leaving the page and
// has the live region around it look again. When that fails, the plain form is sent.
class AckButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.send(event));
  }

  async send(event) {
    const form = event.target;
    if (this.plain) return;
    event.preventDefault();
    if (this.sent) return;
    this.sent = true;
    const slow = setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"), 300);
    try {
      const body = new URLSearchParams(new FormData(form, event.submitter));
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", headers: { "x-part": "1" } });
      if (!answer.ok && answer.type !== "opaqueredirect") throw new Error(String(answer.status));
      const region = this.closest("live-region");
      if (region) region.dispatchEvent(new Event("refresh")); else location.reload();
    } catch {
      this.plain = true;
      form.requestSubmit(event.submitter);
    }
    clearTimeout(slow);
    event.submitter?.removeAttribute("aria-busy");
    this.sent = false;
  }
}

customElements.define("ack-button", AckButton);
