// <pick-list data-label="絞り込む" data-found="{n}件"><select>…: a field above a long menu that leaves only the
// entries holding every word typed. Choosing stays with the person: an entry that no longer fits is
// no longer chosen. Without script the menu stands there whole, in its groups.
class PickList extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.field) return;
    this.groups = [...this.select.children].map((part) => ({
      part, entries: part.matches("optgroup") ? [...part.children] : [],
    }));
    const label = document.createElement("label");
    label.className = "pick-label";
    label.htmlFor = `${this.select.id}-filter`;
    label.textContent = this.dataset.label;
    this.field = document.createElement("input");
    this.field.type = "search";
    this.field.id = label.htmlFor;
    this.field.autocomplete = "off";
    this.field.setAttribute("aria-controls", this.select.id);
    this.field.addEventListener("input", () => this.filter());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.found = document.createElement("output");
    this.prepend(label, this.field, this.found);
  }

  filter() {
    const words = fold(this.field.value).split(" ").filter(Boolean);
    const chosen = this.select.selectedOptions[0];
    let count = 0;
    const shown = this.groups.filter(({ part, entries }) => {
      const fits = (entry) => {
        const text = fold(`${entry.label} ${entry.dataset.find ?? ""} ${part.label}`);
        return words.every((word) => text.includes(word));
      };
      if (!part.matches("optgroup")) return !part.value || !words.length || fits(part) && (count += 1);
      const fitting = entries.filter(fits);
      part.replaceChildren(...fitting);
      count += fitting.length;
      return fitting.length;
    });
    this.select.replaceChildren(...shown.map(({ part }) => part));
    // Open while it is short enough to be read: what is left stands there at once.
    if (words.length) this.select.size = Math.min(8, Math.max(2, this.select.options.length + shown.length));
    else this.select.removeAttribute("size");
    if (chosen && this.select.contains(chosen)) chosen.selected = true; else this.select.value = "";
    this.found.textContent = words.length ? this.dataset.found.replace("{n}", count) : "";
  }

  key(event) {
    if (!["Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const left = [...this.select.options].filter((entry) => entry.value);
    if (left.length === 1) left[0].selected = true;
    this.select.focus();
  }
}

// Width, case, kana and wide spaces do not matter.
function fold(text) {
  const katakana = (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60);
  return text.normalize("NFKC").toLowerCase().replace(/[ぁ-ゖ]/g, katakana).replace(/\s+/g, " ");
}

customElements.define("pick-list", PickList);
