// <busy-button><button>送る</button></busy-button>: a second press does nothing while the first is
// under way; after 300 ms the button shows that it waits.
class BusyButton extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.form?.addEventListener("submit", this.hear = (event) => this.submitted(event));
    window.addEventListener("pageshow", this.reset = () => this.calm());
  }

  disconnectedCallback() {
    this.form?.removeEventListener("submit", this.hear);
    window.removeEventListener("pageshow", this.reset);
  }

  submitted(event) {
    if (this.form.dataset.sent) { event.preventDefault(); return; }
    // Whoever asks first (patient-guard) may still stop this submit.
    queueMicrotask(() => {
      if (event.defaultPrevented) return;
      this.form.dataset.sent = "1";
      this.slow = setTimeout(() => this.querySelector("button")?.setAttribute("aria-busy", "true"), 300);
      this.lost = setTimeout(() => this.calm(), 20000);
    });
  }

  calm() {
    clearTimeout(this.slow);
    clearTimeout(this.lost);
    delete this.form?.dataset.sent;
    this.querySelector("button")?.removeAttribute("aria-busy");
  }
}

customElements.define("busy-button", BusyButton);
