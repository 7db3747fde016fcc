// Messages at the foot of the window. Good news leaves by itself; a problem stays until somebody closes it.
(() => {
  const LINGER = 8000;
  const region = () => document.getElementById("toasts");

  const leave = (toast) => {
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), LINGER); };
    const stop = () => clearTimeout(timer);
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stop);
    for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, start);
    start();
  };

  const welcome = (toast) => {
    if (toast.dataset.seen !== undefined) return;
    toast.dataset.seen = "";
    const close = toast.querySelector("[data-close]");
    if (close) close.hidden = false;
    if (toast.dataset.tone !== "bad" && toast.dataset.tone !== "warn") leave(toast);
  };
  const welcomeAll = () => document.querySelectorAll(".toasts .toast").forEach(welcome);

  const problem = ({ kind }) => {
    const home = region();
    const template = document.getElementById("toast-problem");
    if (!home || !template) return;
    const said = home.dataset[`on${kind}`] || home.dataset.onother;
    if ([...home.querySelectorAll(".toast[data-tone=bad] p")].some((p) => p.textContent === said)) return;
    const toast = template.content.firstElementChild.cloneNode(true);
    toast.querySelector("p").textContent = said;
    home.append(toast);
    welcome(toast);
  };

  document.addEventListener("codex:problem", (event) => problem(event.detail));
  document.addEventListener("htmx:afterSettle", welcomeAll);
  document.addEventListener("DOMContentLoaded", welcomeAll);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) event.target.closest(".toast, .notice")?.remove();
  });
})();
