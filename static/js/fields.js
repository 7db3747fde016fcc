// Errors that come back with an autosave: the control itself has to say that it is wrong, or right again.
(() => {
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const errors = event.detail.target?.id ? document.getElementById(event.detail.target.id) : null;
    if (!errors?.classList.contains("errors")) return;
    const control = document.getElementById(errors.id.replace(/-error$/, ""));
    if (!control || !("value" in control)) return;
    if (errors.querySelector(".error")) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  });
})();
