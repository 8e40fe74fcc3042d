// Our own markup, fetched from our own pages, turned into nodes: the one trusted-types policy.
const policy = globalThis.trustedTypes?.createPolicy("renkei", { createHTML: (text) => text });

export function nodes(text) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(text) : text;
  return template.content;
}
