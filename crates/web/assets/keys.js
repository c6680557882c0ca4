// Single keys press what the page already offers; nothing here is needed to use it.
const root = document.documentElement;
const on = root.dataset.keys !== "off";
const inText = (node) => node.closest("input, textarea, select, [contenteditable]");
const composing = (event) => event.isComposing || event.keyCode === 229;
// A Chinese input method gives full-width punctuation.
const narrow = { "？": "?", "、": "/", "／": "/", "【": "[", "】": "]", "［": "[", "］": "]" };

const rows = () => [...document.querySelectorAll("tbody th[scope=row] a, .entries .entry summary")];
const step = (by) => {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.closest("tr, li").contains(document.activeElement));
  const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, now + by));
  all[next].focus();
};

document.addEventListener("keydown", (event) => {
  // Enter that takes an input method's candidate is not an Enter for the form.
  if (composing(event)) {
    if (event.key === "Enter") event.preventDefault();
    return;
  }
  if (!on || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (inText(event.target) || document.querySelector("dialog[open]")) return;
  const key = narrow[event.key] ?? event.key;
  if (key === "/") document.querySelector("#q")?.focus();
  else if (key === "?") document.querySelector("#keys")?.togglePopover?.();
  else if (key === "j") step(1);
  else if (key === "k") step(-1);
  else {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]:is(a, summary)`);
    if (!target) return;
    target.click();
  }
  event.preventDefault();
});

// Menus that unfold close when one turns away from them.
const menus = "details.switch, details.more";
const close = (except) => {
  for (const menu of document.querySelectorAll(menus)) if (menu !== except) menu.open = false;
};
document.addEventListener("click", (event) => close(event.target.closest(menus)));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement?.closest(menus);
  close();
  menu?.querySelector("summary").focus();
});

// Back from a record: stand on its row again, once the browser has gone to the fragment itself.
if (location.hash.startsWith("#r-")) {
  const stand = () => document.getElementById(location.hash.slice(1))?.querySelector("th a, .title a")?.focus();
  addEventListener("load", () => setTimeout(stand));
}
