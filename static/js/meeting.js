// The clock of a meeting: how long is left for this item, or by how much it is over.
(() => {
  const clock = document.querySelector(".clock[data-until]");
  if (!clock) return;
  const until = new Date(clock.dataset.until).getTime();
  const show = () => {
    const left = Math.round((until - Date.now()) / 1000);
    const size = Math.abs(left);
    const time = `${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
    clock.textContent = left >= 0 ? ` · ${time} ${clock.dataset.left}` : ` · ${clock.dataset.over} ${time}`;
    clock.toggleAttribute("data-late", left < 0);
  };
  clock.hidden = false;
  show();
  setInterval(show, 1000);
})();
