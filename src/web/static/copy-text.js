// <copy-text data-from="id" data-done="コピーしました"><button type="button" hidden>…: copies the text of
// an element, for pasting into other software. The button shows itself only where this works.
class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!navigator.clipboard || !button) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(this.dataset.from)?.innerText ?? "");
      button.textContent = this.dataset.done;
    });
  }
}

customElements.define("copy-text", CopyText);
