// Remembers the theme. Loaded before the page is painted, so that it never flashes.
(() => {
  const root = document.documentElement;
  const read = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme; else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-set]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === (theme || "auto")));
    }
  };
  root.dataset.js = "";
  apply(read());
  addEventListener("DOMContentLoaded", () => apply(read()));
  addEventListener("storage", (event) => { if (event.key === "theme") apply(event.newValue); });
  addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-set]");
    if (!button) return;
    const theme = button.dataset.themeSet;
    try { localStorage.setItem("theme", theme); } catch { /* private window: the theme lasts for this page */ }
    apply(theme);
  });
})();
