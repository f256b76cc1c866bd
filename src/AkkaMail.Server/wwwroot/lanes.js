import { api } from "./api.js";
import { el, loading, number, show } from "./dom.js";
import { field, filterForm } from "./filters.js";
import { etaOf, rateOf, stateChip, states, why } from "./lanewords.js";

const limit = 500;

export const hrefOf = lane => `#/lanes/${encodeURIComponent(lane.source)}/${encodeURIComponent(lane.site)}`;

/** The live lanes, those in trouble first; they follow the strip's beat. */
export function lanesPage({ main, signal, fail }, query, strip) {
  document.title = "Lanes · AkkaMail";
  const rows = el("ol", { class: "rows" });
  const state = el("div", {}, loading("Loading lanes"));
  const foot = el("div", { class: "foot" });
  show(main, toolbar(query), el("div", { class: "card list lanes" }, heads(), rows, state, foot));
  let asked = false;

  load();
  strip.watch(() => asked && load(), signal);

  async function load() {
    asked = false;
    try {
      const source = query.get("source");
      const page = await api.lanes({ limit, ...(source && { source }) }, { signal });
      const fits = page.lanes.filter(l => matches(l, query)).sort(byTrouble);
      const focused = rows.contains(document.activeElement) ? document.activeElement.hash : null;
      show(rows, fits.map(row));
      if (focused) [...rows.querySelectorAll("a")].find(a => a.hash === focused)?.focus();
      show(state, fits.length === 0 && empty(page.lanes.length > 0));
      show(foot, fits.length > 0 && el("span", {}, page.next_cursor ? `Of the first ${number(limit)}` : counts(fits)));
    } catch (e) {
      show(rows);
      show(foot);
      fail(e, state, load);
    } finally {
      asked = true;
    }
  }
}

const matches = (lane, query) =>
  (!query.get("state") || lane.state === query.get("state")) &&
  (!query.get("site") || lane.site.includes(query.get("site").toLowerCase()));

const byTrouble = (a, b) =>
  states.indexOf(a.state) - states.indexOf(b.state) || b.depth - a.depth || a.site.localeCompare(b.site);

const counts = lanes =>
  states
    .map(s => [s, lanes.filter(l => l.state === s).length])
    .filter(([, n]) => n > 0)
    .map(([s, n]) => `${number(n)} ${s.replaceAll("_", " ")}`)
    .join(" · ");

function toolbar(query) {
  const select = el(
    "select",
    { name: "state", "aria-label": "State" },
    el("option", { value: "" }, "Any state"),
    states.map(s => el("option", { value: s, selected: query.get("state") === s }, s.replaceAll("_", " "))),
  );
  return filterForm(
    "#/lanes",
    "Lanes",
    query.size > 0,
    select,
    [field(query, "site", "Site contains"), field(query, "source", "Source")],
  );
}

const heads = () =>
  el(
    "div",
    { class: "lane-row heads", "aria-hidden": "true" },
    ["State", "Lane", "Rate", "Connections", "Waiting", "Why"].map(h => el("span", {}, h)),
  );

function row(lane) {
  const eta = etaOf(lane);
  return el(
    "li",
    {},
    el(
      "a",
      { class: "lane-row", href: hrefOf(lane) },
      el("span", {}, stateChip(lane.state)),
      el(
        "span",
        { class: "c-lane", title: lane.site },
        el("b", {}, lane.site),
        el("span", { class: "small" }, `from ${lane.source}`),
      ),
      el("span", { class: "c-rate" }, rate(lane), meter(lane)),
      el(
        "span",
        { class: "c-num" },
        el("b", {}, number(lane.connections.in_use)),
        ` of ${number(lane.connections.allowed)}`,
      ),
      el(
        "span",
        { class: "c-wait" },
        el("b", {}, number(lane.depth)),
        lane.depth > 0 && el("span", { class: "small" }, eta ? `done ${eta}` : "no end known"),
      ),
      el("span", { class: "c-why" }, why(lane)),
    ),
  );
}

const rate = lane =>
  el(
    "span",
    {},
    el("b", {}, rateOf(lane)),
    lane.configured_rate &&
      lane.configured_rate.text !== rateOf(lane) &&
      el("span", { class: "small" }, ` of ${lane.configured_rate.text}`),
  );

/** How much of the configured rate it has; nothing where there is none. */
export function meter(lane) {
  if (!lane.configured_rate || !lane.rate) return null;
  const share = Math.min(1, lane.rate.per_second / lane.configured_rate.per_second);
  const fill = el("i", { class: `s-${lane.state}` });
  fill.style.width = `${Math.max(share * 100, share > 0 ? 2 : 0)}%`;
  return el("span", { class: "meter", "aria-hidden": "true" }, fill);
}

const empty = isFiltered =>
  isFiltered
    ? el(
        "div",
        { class: "state" },
        el("strong", {}, "No matching lanes"),
        el("p", {}, el("a", { href: "#/lanes" }, "Show all")),
      )
    : el(
        "div",
        { class: "state" },
        el("strong", {}, "No active lanes"),
        el(
          "p",
          {},
          "A lane is a source as one site sees it. It opens with its first mail and closes a while after its last.",
        ),
      );
