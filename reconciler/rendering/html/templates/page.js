(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const byId = (id) => document.getElementById(id);
  const form = byId("filter"), help = byId("help");
  if (!form) return;
  form.hidden = false;
  const text = (element) => (element ? element.textContent : "");
  const describe = (row, card, effect, pair) => ({
    row, card, effect: text(effect), pair: text(pair), isDanger: row.classList.contains("danger"),
    words: (text(row) + " " + (row === card ? "" : text(card))).toLowerCase(),
  });
  const indexed = all("table.index tbody tr").map((row) => {
    const card = byId(row.querySelector("a").hash.slice(1));
    const own = card && card.classList.contains("trade") ? card : null;
    return describe(row, own, row.querySelector(".badge"), row.querySelector(".c-pair"));
  });
  const known = new Set(indexed.map((each) => each.card));
  const brief = all("details.brief").filter((row) => !known.has(row)).map((row) => {
    const summary = row.firstElementChild;
    return describe(row, row, summary.querySelector(".effect"), summary.querySelector(".pair"));
  });
  const rows = [...indexed, ...brief];
  const cards = rows.map((each) => each.card).filter(Boolean);
  let at = null;

  function filter() {
    const effects = new Set(all("input[name=effect]:checked", form).map((box) => box.value));
    const pair = form.elements.pair.value, isDanger = form.elements.danger.checked;
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const each of rows) {
      const isShown = effects.has(each.effect) && (!pair || each.pair === pair) && (!isDanger || each.isDanger)
        && words.every((word) => each.words.includes(word));
      each.row.hidden = !isShown;
      if (each.card) each.card.hidden = !isShown;
      count += isShown;
    }
    byId("none").hidden = count > 0;
    byId("count").textContent = count === rows.length ? `${count} trades` : `${count} of ${rows.length} trades shown`;
  }

  function showAll() {
    form.reset();
    filter();
  }

  function go(step) {
    const shown = cards.filter((card) => !card.hidden);
    if (!shown.length) return;
    const place = shown.indexOf(at);
    at = shown[place < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(shown.length - 1, Math.max(0, place + step))];
    (at.querySelector("summary") || at).focus({ preventScroll: true });
    at.scrollIntoView({ block: "start" });
  }

  function open() {
    const target = byId(location.hash.slice(1));
    if (!target) return;
    if (target.hidden) showAll();
    if (target.tagName === "DETAILS") target.open = true;
    target.scrollIntoView();
  }

  const keys = {
    j: () => go(1),
    k: () => go(-1),
    "/": () => form.elements.text.focus(),
    d: () => { form.elements.danger.checked = !form.elements.danger.checked; filter(); },
    "?": () => help.showModal(),
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("all").addEventListener("click", showAll);
  for (const card of cards) card.addEventListener("focusin", () => { at = card; });
  byId("keys").addEventListener("click", () => help.showModal());
  addEventListener("hashchange", open);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const isTyping = event.target.matches("input[type=search], select, textarea");
    if (event.key === "Escape") {
      showAll();
      if (isTyping) event.target.blur();
    } else if (!isTyping && byId("keyson").checked && keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  filter();
  if (location.hash) open();
})();
