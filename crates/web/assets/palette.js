// Search and commands over any page: Ctrl K opens, arrows choose, Enter goes, Escape closes. Without this module the same
// is a page. Nothing typed is kept.
const dialog = document.querySelector("#palette");
const body = () => document.querySelector("#palette-body");
const composing = (event) => event.isComposing || event.keyCode === 229;

const open = async () => {
  if (!dialog || !window.htmx || document.querySelector("main.palette-page")) return location.assign("/palette");
  dialog.showModal();
  await htmx.ajax("GET", "/palette", { target: "#palette-inside", select: "#palette-body", swap: "innerHTML" });
  document.querySelector("#palette-q")?.focus();
};

document.addEventListener("keydown", (event) => {
  if (composing(event)) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!dialog?.open) open();
  }
});
document.querySelector("[data-palette]")?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open();
});
// What was found is not left behind in the page.
dialog?.addEventListener("close", () => document.querySelector("#palette-inside").replaceChildren());

const choose = (option) => {
  for (const other of body().querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
  document.querySelector("#palette-q").setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "palette-q" || composing(event)) return;
  const all = [...body().querySelectorAll("[role=option]")];
  const now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const by = event.key === "ArrowDown" ? 1 : -1;
    choose(all[(now + by + all.length + (now < 0 && by < 0 ? 1 : 0)) % all.length]);
  } else if (event.key === "Enter") {
    const option = all[now] ?? all[0];
    if (!option) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) window.open(option.href, "_blank", "noopener");
    else location.assign(option.href);
  }
});
