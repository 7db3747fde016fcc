// Says when there is no connection; the page and what was typed stay as they are.
(() => {
  const tell = () => document.documentElement.toggleAttribute("data-offline", navigator.onLine === false);
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
})();
