// <fold-text data-more="続きを読む" data-less="たたむ">: folds a text of more than some twelve lines
// behind a button. Without script all of it is read.
class FoldText extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button")) return;
    const text = this.firstElementChild;
    const line = parseFloat(getComputedStyle(text).lineHeight) || 28;
    if (text.scrollHeight < line * 15) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.addEventListener("click", () => this.fold(text, button, text.classList.contains("folded")));
    this.append(button);
    this.fold(text, button, false);
  }

  fold(text, button, open) {
    text.classList.toggle("folded", !open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? this.dataset.less : this.dataset.more;
  }
}

customElements.define("fold-text", FoldText);
