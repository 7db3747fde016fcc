// A second click does nothing twice: the pressed button shows that it works, and waits.
(() => {
  const busy = (button) => button.setAttribute("aria-busy", "true");
  const free = (root) => root.querySelectorAll('.btn[aria-busy="true"]').forEach((b) => b.removeAttribute("aria-busy"));
  const buttonOf = (event) => {
    const submitter = event.detail?.requestConfig?.triggeringEvent?.submitter || event.submitter;
    const own = event.detail?.elt?.closest?.(".btn");
    return submitter?.classList.contains("btn") ? submitter : own;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest('.btn[aria-busy="true"]');
    if (button) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);

  // Plain forms: the browser leaves the page, so the form is closed until it comes back.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-post") || form.method === "get") return;
    if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
    form.dataset.sent = "";
    if (event.submitter?.classList.contains("btn")) busy(event.submitter);
  });
  addEventListener("pageshow", () => {
    free(document);
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // htmx: only the request's own button, and only until its answer is here.
  const waiting = new WeakMap();
  document.addEventListener("htmx:beforeSend", (event) => {
    const button = buttonOf(event);
    if (!button) return;
    waiting.set(event.detail.xhr, button);
    busy(button);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    waiting.get(event.detail.xhr)?.removeAttribute("aria-busy");
  });
})();
