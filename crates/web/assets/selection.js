// Ticking rows: the page's box, a range with Shift, `x` on the row in focus, and how many there are. Double click on a
// value, or `i` on a row, changes it where it stands. Without this module the boxes and the record's form do the same.
const root = document.documentElement;
const boxes = () => [...document.querySelectorAll("input[name=id][form=bulk]")];
let last = null;

const told = () => {
  const all = boxes();
  const n = all.filter((box) => box.checked).length;
  const hint = document.querySelector(".bulk .ticked");
  if (hint) {
    hint.dataset.none ??= hint.textContent;
    hint.textContent = n ? `${n} ${hint.dataset.ticked}` : hint.dataset.none;
  }
  const page = document.querySelector("[data-tick=page]");
  if (page) [page.hidden, page.checked, page.indeterminate] = [false, n > 0 && n === all.length, n > 0 && n < all.length];
  for (const box of all) box.closest("tr")?.classList.toggle("ticked", box.checked);
};

document.addEventListener("click", (event) => {
  const box = event.target.closest("input[type=checkbox]");
  if (box?.dataset.tick === "page") for (const one of boxes()) one.checked = box.checked;
  else if (box?.getAttribute("form") === "bulk") {
    const all = boxes();
    if (event.shiftKey && last?.isConnected) {
      const [a, b] = [all.indexOf(last), all.indexOf(box)].sort((x, y) => x - y);
      for (const one of all.slice(a, b + 1)) one.checked = box.checked;
    }
    last = box;
  } else return;
  told();
});

const change = (row, at) => {
  const head = row.closest("table").tHead.rows[0].cells;
  const cells = [...row.cells];
  const cell = at ?? cells.find((one, i) => head[i]?.dataset.field && one.localName === "td");
  const field = head[cells.indexOf(cell)]?.dataset.field;
  if (!field || !window.htmx || cell.querySelector("form")) return;
  const link = new URL(row.querySelector("th a").href);
  link.pathname += "/cell";
  link.searchParams.set("field", field);
  htmx.ajax("GET", link.pathname + link.search, { target: cell, select: "form.form", swap: "innerHTML" })
    .then(() => cell.querySelector("input:not([type=hidden]), select, textarea")?.focus());
};

document.addEventListener("dblclick", (event) => {
  const cell = event.target.closest("main.list tbody td");
  if (cell && !event.target.closest("a, form, label")) change(cell.parentNode, cell);
});
document.addEventListener("keydown", (event) => {
  const inside = event.target.closest("td form");
  if (inside && event.key === "Escape") location.reload();
  if (root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select")) return;
  const row = event.target.closest("main.list tbody tr");
  if (!row) return;
  if (event.key === "x") row.querySelector("input[name=id]")?.click();
  else if (event.key === "i") change(row);
  else return;
  event.preventDefault();
});
document.addEventListener("custos:swapped", told);
told();
