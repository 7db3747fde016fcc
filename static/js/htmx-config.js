// htmx under a strict policy: no eval, no foreign hosts, no page kept on the device, errors never swallowed.
(() => {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    selfRequestsOnly: true,
    includeIndicatorStyles: false,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    defaultSwapStyle: "outerHTML",
    timeout: 30000,
    // Whether an error's body is swapped in is decided below, by what it carries.
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "[45]..", swap: true, error: true },
    ],
  });
  if (window.Idiomorph) {
    Idiomorph.defaults.ignoreActiveValue = true;
    Idiomorph.defaults.restoreFocus = true;
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const meta = document.querySelector('meta[name="csrf-token"]');
    if (meta && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = meta.content;
  });

  // 409, 412 and 422 carry the form with its errors; others say by HX-Retarget where they belong. Anything
  // else, like a whole page in place of a fragment, would wreck the panel it lands in: it is only said.
  const carries = (xhr) => !/^\s*<!doctype/i.test(xhr.responseText)
    && ([409, 412, 422].includes(xhr.status) || xhr.getResponseHeader("HX-Retarget"));
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.isError && !carries(event.detail.xhr)) event.detail.shouldSwap = false;
  });

  const say = (kind) => document.dispatchEvent(new CustomEvent("codex:problem", { detail: { kind } }));
  document.addEventListener("htmx:responseError", (event) => {
    if (!carries(event.detail.xhr)) say(String(event.detail.xhr.status));
  });
  document.addEventListener("htmx:sendError", () => say("offline"));
  document.addEventListener("htmx:timeout", () => say("offline"));
})();
