// <print-button><button type="button" hidden>: opens the browser's print dialog. Without script
// people print from the browser's own menu.
class PrintButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

customElements.define("print-button", PrintButton);
