// Asks before a changed form is left, and saves by key. Nothing typed is stored anywhere.
const form = document.querySelector("form.form");
if (form) {
  const state = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  const before = state();
  let leaving = false;

  addEventListener("beforeunload", (event) => {
    // A form that came back with errors holds what was typed and not yet saved.
    const unsaved = state() !== before || document.querySelector(".summary");
    if (!leaving && unsaved) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (leaving) event.preventDefault(); // a second press while the first is under way
    leaving = true;
  });
  // Coming back by the browser's own cache: the form may be sent again.
  addEventListener("pageshow", () => { leaving = false; });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    const button = form.querySelector(event.shiftKey ? "[data-save=new]" : "[data-save]");
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });
}
