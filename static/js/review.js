// The review by keyboard. No key decides by itself: it leads to the button or the field, Enter decides.
(() => {
  const typing = (at) => at.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const field = () => document.getElementById("verdict-text");
  const button = (key) => document.querySelector(`.decisionbar [data-key="${key}"]`);
  let meant = null;

  // htmx saves ticks as they are made; the button that does it without script is not needed then.
  const quiet = () => document.querySelectorAll("[data-js-hides]").forEach((one) => { one.hidden = Boolean(window.htmx); });

  const show = (at) => { at.focus(); at.scrollIntoView({ block: "nearest" }); };

  const step = (by) => {
    const items = [...document.querySelectorAll(".queue-item")];
    if (!items.length) return;
    const row = document.activeElement.closest(".queue-row");
    const here = items.findIndex((item) => item === document.activeElement || (row && row.contains(item)));
    const from = here >= 0 ? here : items.findIndex((item) => item.hasAttribute("aria-current"));
    show(items[Math.max(0, Math.min(items.length - 1, from + by))]);
  };

  const stepChange = (by) => {
    const rows = [...document.querySelectorAll("#changes-rows > tr")];
    if (!rows.length) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const row = rows[Math.max(0, Math.min(rows.length - 1, here + by))];
    const at = row.querySelector("input, a");
    if (at) show(at);
  };

  const pick = () => {
    const box = document.activeElement.closest(".queue-row")?.querySelector("input[type=checkbox]");
    if (!box) return false;
    box.checked = !box.checked;
    return true;
  };

  const write = (key) => {
    const at = field();
    if (!at) return;
    meant = key;
    show(at);
  };

  // A no needs its words first; with words there, the key leads to the button.
  const lead = (key) => {
    const to = button(key);
    if (!to) return;
    if (to.hasAttribute("data-needs-text") && !field()?.value.trim()) write(key);
    else show(to);
  };

  const openRed = () => {
    const next = document.querySelector("[data-open-red]");
    if (!next) return;
    next.scrollIntoView({ block: "center" });
    next.click();
  };

  const help = () => { const dialog = document.getElementById("keys"); if (dialog && !dialog.open) dialog.showModal(); };

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    "]": () => stepChange(1),
    "[": () => stepChange(-1),
    a: () => lead("a"),
    c: () => lead("c"),
    r: () => write("r"),
    z: () => lead("z"),
    x: () => { if (!pick()) lead("x"); },
    o: openRed,
    n: () => button("n")?.click(),
    "/": () => { const at = document.getElementById("queue-find"); if (at) { show(at); at.select(); } },
    "?": help,
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.target === field() && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      (button(meant || "r") || button("r"))?.click();
      return;
    }
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); meant = null; return; }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-help]")) { event.preventDefault(); help(); }
    if (event.target.closest("[data-next-red]")) { event.preventDefault(); openRed(); }
  });

  // After an item was opened the page offers the next one, or the approval, where the keyboard is.
  document.addEventListener("htmx:afterSettle", (event) => {
    quiet();
    if (event.target.id !== "red") return;
    const next = document.querySelector("[data-open-red]") || button("a");
    if (next) next.focus({ preventScroll: true });
  });
  quiet();
})();
