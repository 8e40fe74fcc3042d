// <look-first> in a wide picture: it is as wide as what lies before the place to look at first, and the
// picture opens there. Newer browsers do the same by the style sheet alone; without either it opens at its
// beginning.
class LookFirst extends HTMLElement {
  connectedCallback() {
    const box = this.closest(".picture");
    const from = this.querySelector(".picture-from");
    if (box && from) box.scrollLeft = from.getBoundingClientRect().left - this.getBoundingClientRect().left;
  }
}

customElements.define("look-first", LookFirst);
