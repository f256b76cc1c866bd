import { el, show } from "./dom.js";

let count = 0;

/** Tabs as WAI-ARIA has them: arrows move, Tab goes on into the panel. Each is [name, () => content]. */
export function tabs(all) {
  const group = ++count;
  const panel = el("div", { class: "panel", role: "tabpanel", id: `panel-${group}` });
  const buttons = all.map(([name], i) =>
    el(
      "button",
      {
        role: "tab",
        type: "button",
        id: `tab-${group}-${i}`,
        "aria-controls": panel.id,
        onclick: () => select(i),
      },
      name,
    ),
  );
  const list = el("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the mail" }, buttons);

  function select(chosen) {
    buttons.forEach((button, i) => {
      button.setAttribute("aria-selected", String(i === chosen));
      button.tabIndex = i === chosen ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", buttons[chosen].id);
    show(panel, all[chosen][1]());
  }

  list.addEventListener("keydown", e => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (step === undefined) return;
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    select(next);
    buttons[next].focus();
  });
  select(0);
  return [list, panel];
}
