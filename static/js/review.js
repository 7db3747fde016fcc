// The review queue by keyboard: j and k move, Enter opens.
(() => {
  const typing = (at) => at.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key !== "j" && event.key !== "k") return;
    const items = [...document.querySelectorAll(".queue-item")];
    if (!items.length) return;
    const here = items.indexOf(document.activeElement);
    const from = here >= 0 ? here : items.findIndex((item) => item.hasAttribute("aria-current"));
    const next = Math.max(0, Math.min(items.length - 1, from + (event.key === "j" ? 1 : -1)));
    event.preventDefault();
    items[next].focus();
  });
})();
