// What htmx swaps is said and found: the part is busy while it loads, and afterwards the focus stands where reading goes
// on: on the first error, the control that was used, or the heading of what is new.
const busy = (event, on) => event.detail.ctx?.target?.toggleAttribute?.("data-busy", on);
const name = (node) =>
  node?.id ? `#${CSS.escape(node.id)}` : node?.dataset?.focus ? `[data-focus="${CSS.escape(node.dataset.focus)}"]` : "";
let used = "";

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  used = name(ctx.sourceElement.contains(document.activeElement) ? document.activeElement : ctx.sourceElement);
  ctx.target?.setAttribute?.("aria-busy", "true");
  busy(event, true);
});
document.addEventListener("htmx:finally:request", (event) => {
  event.detail.ctx.target?.removeAttribute?.("aria-busy");
  busy(event, false);
});
document.addEventListener("htmx:after:swap", (event) => {
  const selector = event.detail.ctx.select;
  const part = selector ? document.querySelector(selector) : null;
  if (!part) return;
  const found = part.querySelector(".summary, [aria-invalid=true]") ?? (used && part.querySelector(used)) ?? part.querySelector("h1, h2");
  if (!found) return;
  if (!found.matches("a, button, input, select, textarea, summary, [tabindex]")) found.tabIndex = -1;
  found.focus({ preventScroll: true });
});
// Nothing was swapped, the server did not answer: go there as without a script.
document.addEventListener("htmx:error", (event) => {
  const link = event.detail.ctx?.sourceElement;
  if (link?.tagName === "A" && link.href) location.assign(link.href);
});
