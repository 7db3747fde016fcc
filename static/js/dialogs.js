// A link to a question ("Discard this draft?") opens it here instead, when the page carries it as a dialog.
(() => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-dialog]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const dialog = document.getElementById(link.dataset.dialog);
      if (!dialog?.showModal) return;
      event.preventDefault();
      document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover());
      dialog.showModal();
      return;
    }
    const close = event.target.closest("[data-dialog-close]");
    if (close && close.closest("dialog")?.open) {
      event.preventDefault();
      close.closest("dialog").close();
    }
    if (event.target.matches?.("dialog.dialog[open]")) event.target.close();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) event.detail.elt.closest?.("dialog[open]")?.close();
  });
})();
