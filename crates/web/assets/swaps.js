// What htmx swaps is said and found: the page is busy while it loads, and afterwards the focus stands where reading goes
// on: on what is wrong, on the control that was used, or on the heading.
const main = () => document.querySelector("#main");
let used = null;

const found = (part) => {
  const wrong = part.querySelector(".summary, [aria-invalid=true]");
  if (wrong) return wrong;
  const same = used && [...part.querySelectorAll(used.tag)].find((node) => node.textContent.trim() === used.text);
  return same ?? part.querySelector("h1");
};
const settled = () => {
  const node = found(main());
  if (!node) return;
  if (!node.matches("a, button, input, select, textarea, summary, [tabindex]")) node.tabIndex = -1;
  node.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("custos:swapped"));
};

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.select !== "#main") return;
  const node = ctx.sourceElement.contains(document.activeElement) ? document.activeElement : ctx.sourceElement;
  used = { tag: node.localName, text: node.textContent.trim() };
  ctx.target?.setAttribute?.("aria-busy", "true");
  ctx.target?.toggleAttribute?.("data-busy", true);
});
document.addEventListener("htmx:before:swap", (event) => {
  if (event.detail.ctx.select !== "#main") return;
  const old = main();
  // What was swapped out tells nobody any more: wait until it is gone.
  new MutationObserver((_, observer) => {
    if (old.isConnected) return;
    observer.disconnect();
    settled();
  }).observe(document.body, { childList: true, subtree: true });
});
// The server did not answer: go there as without a script.
document.addEventListener("htmx:error", (event) => {
  const link = event.detail.ctx?.sourceElement;
  if (link?.tagName === "A" && link.href) location.assign(link.href);
});
