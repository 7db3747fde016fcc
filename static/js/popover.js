// Menus in a browser without popover: the same button, the same list, opened by an attribute.
(() => {
  if (HTMLElement.prototype.hasOwnProperty("popover")) return;
  const menuOf = (button) => document.getElementById(button.getAttribute("popovertarget"));
  const close = (menu) => {
    delete menu.dataset.open;
    document.querySelector(`[popovertarget="${menu.id}"]`)?.setAttribute("aria-expanded", "false");
  };
  const closeOthers = (but) => document.querySelectorAll("[popover][data-open]").forEach((menu) => { if (menu !== but) close(menu); });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[popovertarget]");
    const menu = button && menuOf(button);
    closeOthers(menu || event.target.closest("[popover]"));
    if (!menu) return;
    if ("open" in menu.dataset) { close(menu); return; }
    menu.dataset.open = "";
    button.setAttribute("aria-expanded", "true");
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeOthers(null); });
})();
