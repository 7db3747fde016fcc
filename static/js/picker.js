// Products picker: searches while you type and keeps the chosen ids in the list that is sent without script too.
(() => {
  const PAUSE = 250;
  const lines = (area) => area.value.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);

  const itemOf = (template, found, act) => {
    const item = template.content.firstElementChild.cloneNode(true);
    item.dataset.id = found.id;
    item.querySelector("[data-label]").textContent = found.label;
    item.querySelector("[data-note]").textContent = found.note || "";
    const button = item.querySelector("button");
    button.setAttribute("aria-label", `${button.dataset.verb} ${found.label}`);
    button.addEventListener("click", () => act(found));
    return item;
  };

  const ready = new WeakMap();

  const enhance = (picker) => {
    const part = (name) => picker.querySelector(`[data-part="${name}"]`);
    const area = part("ids");
    const known = new Map([...picker.querySelectorAll("[data-known]")].map((el) => [el.dataset.known, { id: el.dataset.known, label: el.textContent.trim() }]));
    const open = () => {
      part("plain").hidden = true;
      part("live").hidden = false;
      const label = document.querySelector(`label[for="${area.id}"]`);
      if (label) label.htmlFor = part("query").id;
      show();
    };

    const keep = (ids) => {
      area.value = ids.join("\n");
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.dispatchEvent(new Event("change", { bubbles: true }));
      show();
    };
    const add = (found) => { known.set(found.id, found); if (!lines(area).includes(found.id)) keep([...lines(area), found.id]); search(); };
    const drop = (found) => { keep(lines(area).filter((id) => id !== found.id)); part("query").focus(); };
    const show = () => {
      const ids = lines(area);
      part("chosen").replaceChildren(...ids.map((id) => itemOf(part("chosen-item"), known.get(id) || { id, label: id }, drop)));
      part("count").textContent = ids.length ? part("count").dataset.some.replace("{n}", ids.length) : part("count").dataset.none;
    };

    let turn = 0;
    const search = async () => {
      const mine = ++turn;
      const url = new URL(picker.dataset.url, location.href);
      url.searchParams.set("q", part("query").value);
      const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
      if (mine !== turn) return;
      const found = answer?.ok ? (await answer.json()).results : null;
      part("status").textContent = found === null ? part("status").dataset.failed : found.length ? "" : part("status").dataset.none;
      const chosen = new Set(lines(area));
      part("found").replaceChildren(...(found || []).filter((f) => !chosen.has(f.id)).map((f) => itemOf(part("found-item"), f, add)));
    };
    let timer;
    // What is typed into the search is no change of the form around it.
    part("query").addEventListener("change", (event) => event.stopPropagation());
    part("query").addEventListener("input", (event) => {
      event.stopPropagation();
      clearTimeout(timer);
      timer = setTimeout(search, PAUSE);
    });
    part("query").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); search(); } });
    open();
    return open;
  };

  // A swap may have put the plain form back over one that was live: then it is only opened again.
  const enhanceAll = (root) => root.querySelectorAll(".picker[data-url]").forEach((picker) => {
    if (ready.has(picker)) ready.get(picker)(); else ready.set(picker, enhance(picker));
  });
  document.addEventListener("DOMContentLoaded", () => enhanceAll(document));
  document.addEventListener("htmx:afterSettle", () => enhanceAll(document));
})();
