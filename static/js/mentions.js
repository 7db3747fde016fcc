// "@" in a comment offers the people who can see the draft; they are read from the list of boxes on the page.
(() => {
  const WORD = /(^|[^\p{L}\p{N}])@([\p{L}\p{N}][\p{L}\p{N} .'-]{0,40})?$/u;
  const MOST = 8;
  let list = null;

  const people = (area) => [...document.querySelectorAll(`#${area.dataset.mentions} [data-name]`)].map((box) => box.dataset.name);
  const before = (area) => area.value.slice(0, area.selectionStart);

  const close = () => {
    if (!list) return;
    list.area.removeAttribute("aria-controls");
    list.area.removeAttribute("aria-activedescendant");
    list.box.remove();
    list = null;
  };

  const mark = (to) => {
    const items = [...list.box.children];
    list.here = (to + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === list.here)));
    list.area.setAttribute("aria-activedescendant", items[list.here].id);
  };

  const choose = (name) => {
    const { area } = list;
    const start = before(area).lastIndexOf("@");
    const after = area.value.slice(area.selectionStart);
    area.value = `${area.value.slice(0, start)}@${name} ${after}`;
    const at = start + name.length + 2;
    close();
    area.focus();
    area.setSelectionRange(at, at);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const open = (area, names) => {
    close();
    const box = document.createElement("ul");
    box.className = "mention-list";
    box.id = "mention-list";
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", document.querySelector(`#${area.dataset.mentions} legend`)?.textContent || "@");
    names.forEach((name, at) => {
      const item = document.createElement("li");
      item.id = `mention-${at}`;
      item.setAttribute("role", "option");
      item.textContent = name;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(name); });
      box.append(item);
    });
    area.after(box);
    area.setAttribute("aria-controls", box.id);
    list = { area, box, here: 0 };
    mark(0);
  };

  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.matches?.("textarea[data-mentions]")) return;
    const found = before(area).match(WORD);
    if (!found) { close(); return; }
    const begun = (found[2] || "").toLowerCase();
    const names = people(area).filter((name) => name.toLowerCase().split(" ").some((part, at, all) => all.slice(at).join(" ").startsWith(begun)));
    if (names.length && !names.some((name) => name.toLowerCase() === begun.trim())) open(area, names.slice(0, MOST));
    else close();
  });

  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== list.area) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(list.here + (event.key === "ArrowDown" ? 1 : -1));
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") choose(list.box.children[list.here].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("focusout", (event) => { if (list && event.target === list.area) close(); });
})();
