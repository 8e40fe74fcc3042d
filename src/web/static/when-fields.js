// <when-fields>: hides fields that do not apply to what is answered now. A field says when it applies:
// data-when="route" data-is="peg ng" — the field named route has one of these values.
// Without script all fields stand there with their hints, and the server judges as always.
class WhenFields extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.show());
    this.show();
  }

  show() {
    const given = new FormData(this.closest("form") ?? this.querySelector("form"));
    for (const field of this.querySelectorAll("[data-when]")) {
      const wanted = field.dataset.is.split(" ");
      field.hidden = !given.getAll(field.dataset.when).some((value) => wanted.includes(value));
    }
  }
}

customElements.define("when-fields", WhenFields);
