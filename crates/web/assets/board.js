// Moving cards: the Move link opens the board's one dialog instead of a page, `m` does so for the card in focus, and a
// card can be dragged. All of them send the same form; the server draws where the card is then.
const dialog = () => document.querySelector("#move");
const root = document.documentElement;
let card = null;

const aim = (one) => {
  card = one;
  const form = dialog()?.querySelector("form[method=post]");
  if (!form) return null;
  form.action = new URL(one.querySelector("[data-move]").href).pathname;
  form.elements.version.value = one.dataset.version;
  const here = one.closest("[data-key]").dataset.key;
  for (const button of form.querySelectorAll("[name=to]")) button.disabled = button.value === here;
  return form;
};
const ask = (one) => {
  if (!aim(one)) return;
  dialog().showModal();
  dialog().querySelector("[name=to]:not(:disabled)")?.focus();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-move]");
  if (!link || !dialog() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  ask(link.closest(".card"));
});
document.addEventListener("submit", (event) => {
  if (event.target.closest("#move")) dialog().close();
});
document.addEventListener("keydown", (event) => {
  if (root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const one = event.target.closest?.(".card");
  if (!one || event.target.closest("input, textarea, select")) return;
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "m" && one.querySelector("[data-move]")) ask(one);
  else if (way) {
    const all = [...document.querySelectorAll(".card")];
    all[all.indexOf(one) + way]?.querySelector("a")?.focus();
  } else return;
  event.preventDefault();
});

document.addEventListener("dragstart", (event) => {
  card = event.target.closest?.(".card");
  if (!card) return;
  // The browser would carry the card's address; nothing of it is needed.
  event.dataTransfer.clearData();
  event.dataTransfer.setData("text/plain", "");
  event.dataTransfer.effectAllowed = "move";
  card.classList.add("dragged");
});
document.addEventListener("dragend", () => {
  card?.classList.remove("dragged");
  document.querySelector(".column.over")?.classList.remove("over");
});
document.addEventListener("dragover", (event) => {
  const column = event.target.closest?.(".column[data-key]");
  if (!column?.dataset.key || !card) return;
  event.preventDefault();
  document.querySelector(".column.over")?.classList.remove("over");
  column.classList.add("over");
});
document.addEventListener("drop", (event) => {
  const column = event.target.closest?.(".column[data-key]");
  if (!column || !card?.isConnected || column.contains(card)) return;
  event.preventDefault();
  const form = aim(card);
  const button = form && [...form.querySelectorAll("[name=to]")].find((one) => one.value === column.dataset.key);
  if (button) form.requestSubmit(button);
});
