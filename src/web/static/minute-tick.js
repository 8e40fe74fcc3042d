// <minute-tick data-at="2026-08-01T18:40+09:00">: what it holds counts the minutes since then. When the
// next one is full, the region around it is asked for anew; the words stay the server's.
class MinuteTick extends HTMLElement {
  connectedCallback() {
    const passed = Date.now() - Date.parse(this.dataset.at);
    const rest = 60_000 - (passed % 60_000) + 500;
    this.timer = setTimeout(() => this.dispatchEvent(new Event("refresh", { bubbles: true })), rest);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }
}

customElements.define("minute-tick", MinuteTick);
