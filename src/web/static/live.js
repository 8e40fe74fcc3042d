// One event stream per page, shared by every element that wants to hear. It carries pointers
// ("me" or a patient's id), never content.
const hearers = new Set();
let source;

function tell(pointer) {
  for (const hear of hearers) hear(pointer);
}

function open() {
  let broken = false;
  source = new EventSource("/live");
  source.addEventListener("changed", (event) => tell(event.data));
  source.addEventListener("error", () => { broken = true; });
  // After a gap nobody knows what was missed, so everyone looks again.
  source.addEventListener("open", () => { if (broken) tell("*"); broken = false; });
}

export function listen(hear) {
  hearers.add(hear);
  if (!source) open();
  return () => {
    hearers.delete(hear);
    if (hearers.size) return;
    source?.close();
    source = undefined;
  };
}
