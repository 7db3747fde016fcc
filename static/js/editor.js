// The draft's editor: saves by itself a moment after typing stops, and says so.
(() => {
  const PAUSE = 700;
  const form = document.querySelector("form[data-autosave]");
  if (!form || !window.htmx) return;
  let timer;
  let dirty = false;
  const said = () => document.getElementById("saved");
  const say = (text) => { const at = said(); if (at) at.textContent = text; };

  const save = () => {
    clearTimeout(timer);
    if (!dirty || !navigator.onLine) return;
    dirty = false;
    say(form.dataset.saving);
    htmx.trigger(form, "codex:autosave");
  };
  const soon = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      dirty = true;
      save();
    }
  });

  const failed = (event) => {
    if (event.detail.elt !== form) return;
    dirty = true;
    say(form.dataset.failed);
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);

  // Leaving by the form's own buttons takes what was typed along; leaving otherwise would lose it.
  form.addEventListener("submit", () => { dirty = false; clearTimeout(timer); });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
})();
