// <patient-guard data-patient="1">: someone who wrote about another patient within the last ten
// seconds is asked, in the dialog inside, whether this is the right one. Remembers ids, never words.
const KEY = "renkei-wrote";

class PatientGuard extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.arrived = this.recent();
    this.addEventListener("input", () => {
      sessionStorage.setItem(KEY, JSON.stringify({ patient: this.dataset.patient, at: Date.now() }));
    });
    this.addEventListener("submit", (event) => this.check(event), { capture: true });
    this.dialog?.addEventListener("close", () => this.answered());
  }

  // Whether another patient was written about just before this page was opened.
  recent() {
    try {
      const last = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
      return last && last.patient !== this.dataset.patient && Date.now() - last.at < 10000;
    } catch {
      return false;
    }
  }

  check(event) {
    if (!this.arrived || this.sure || !this.dialog || event.target.method === "dialog") return;
    event.preventDefault();
    event.stopPropagation();
    this.form = event.target;
    this.button = event.submitter;
    this.dialog.showModal();
  }

  answered() {
    this.sure = this.dialog.returnValue === "yes";
    if (this.sure) this.form.requestSubmit(this.button);
  }
}

customElements.define("patient-guard", PatientGuard);
