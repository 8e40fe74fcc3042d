// <file-text data-into="id"><label for="file" hidden>…</label><input type="file" id="file" hidden>: reads a
// text file into a text area, where one can see and change it before it is sent. Without script one pastes.
class FileText extends HTMLElement {
  connectedCallback() {
    const [label, input] = [this.querySelector("label"), this.querySelector("input")];
    const into = document.getElementById(this.dataset.into);
    if (!label || !input || !into) return;
    label.hidden = false;
    input.hidden = false;
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      into.value = await file.text();
      into.dispatchEvent(new Event("input", { bubbles: true }));
      into.focus();
    });
  }
}

customElements.define("file-text", FileText);
