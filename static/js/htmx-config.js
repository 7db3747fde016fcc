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
    // The first match wins. 409, 412 and 422 carry the form with its errors and go where they belong;
    // every other refusal is shown as a message and leaves the page, and what was typed, alone.
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "409|412|422", swap: true, error: true },
      { code: "[45]..", swap: false, error: true },
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

  // A whole page in place of a fragment (an old server, a proxy's error) would wreck the panel it lands in.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, isError } = event.detail;
    if (!isError || !event.detail.shouldSwap) return;
    if (/^\s*<!doctype/i.test(event.detail.serverResponse)) event.detail.shouldSwap = false;
  });

  const say = (kind, detail) => document.dispatchEvent(new CustomEvent("codex:problem", { detail: { kind, ...detail } }));
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, shouldSwap } = event.detail;
    if (shouldSwap && !/^\s*<!doctype/i.test(xhr.responseText)) return;
    say(String(xhr.status), { text: xhr.getResponseHeader("X-Problem"), again: event.detail.elt });
  });
  document.addEventListener("htmx:sendError", (event) => say("offline", { again: event.detail.elt }));
  document.addEventListener("htmx:timeout", (event) => say("offline", { again: event.detail.elt }));
})();
