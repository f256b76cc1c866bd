import { el } from "./dom.js";

/** A field of a list's filter, with what the address says of it. */
export const field = (query, name, label, attributes = {}) =>
  el("input", {
    ...attributes,
    name,
    type: "search",
    placeholder: label,
    "aria-label": label,
    value: query.get(name) ?? "",
    spellcheck: "false",
    autocomplete: "off",
  });

/** The toolbar over a list. What it is filtered by stands in the address after `page`, so a view can be bookmarked. */
export function filterForm(page, title, isFiltered, select, fields, beside = null) {
  const form = el(
    "form",
    { class: "toolbar", role: "search", "aria-label": `Filter ${title.toLowerCase()}` },
    el("h1", {}, title),
    select,
    fields,
    el("button", {}, "Filter"),
    isFiltered && el("a", { class: "button quiet", href: page }, "Clear"),
    beside,
  );
  const apply = () => {
    const next = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value.trim() !== "") next.set(name, value.trim());
    location.hash = next.size > 0 ? `${page}?${next}` : page;
  };
  select.addEventListener("change", apply);
  form.addEventListener("submit", e => {
    e.preventDefault();
    apply();
  });
  return form;
}
