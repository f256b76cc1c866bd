import { api } from "./api.js";
import { el, loading, number, relative, show, time } from "./dom.js";
import { history } from "./lanehistory.js";
import { orders } from "./laneorders.js";
import { plot } from "./laneplot.js";
import { granted, holdText, rateOf, stateChip, taken, usedUp, why } from "./lanewords.js";
import { meter } from "./lanes.js";
import { rulesLink } from "./rules.js";

const every = 5_000;
const changes = [
  ...["rate_changed", "connections_changed", "hold_began", "hold_lifted", "warm_up_began", "warm_up_day_ended"],
  ...["warm_up_paused", "warm_up_resumed", "warm_up_completed"],
].join();

/** One lane: how it goes, what holds it, what an operator can do, and its history beside it. */
export function lanePage({ main, signal, fail }, source, site) {
  document.title = `${site} · AkkaMail`;
  const head = el("div", { class: "message-head" });
  const [facts, story] = [el("section", { class: "card story" }), el("section", { class: "card mail" })];
  const place = el("div", {}, loading("Loading the lane"));
  show(main, el("p", { class: "back" }, el("a", { href: "#/lanes" }, "← Lanes")), head, place);
  let newest = null;

  load();
  const timer = setInterval(() => !document.hidden && load(), every);
  signal.addEventListener("abort", () => clearInterval(timer));

  async function load() {
    try {
      const [lane, page] = await Promise.all([
        api.lane(source, site, { signal }),
        api.history(source, site, { type: changes, limit: 200 }, { signal }),
      ]);
      render(lane);
      // The reading goes on undisturbed while nothing new has happened.
      if (story.hasChildNodes() && newest === (page.events[0]?.number ?? 0)) return;
      newest = page.events[0]?.number ?? 0;
      renderStory(lane, page);
    } catch (e) {
      if (!place.isConnected || !facts.isConnected || e.status === 401) fail(e, place, load);
    }
  }

  function render(lane) {
    show(
      head,
      el("div", { class: "title" }, el("h1", {}, lane.site), stateChip(lane.state)),
      el("p", {}, "from ", el("b", {}, lane.source)),
      el("p", { class: "why" }, why(lane, 1_000)),
    );
    show(
      facts,
      el("h2", {}, "Now"),
      figures(lane),
      holds(lane),
      orders(lane, () => load(), fail),
    );
    if (!facts.isConnected) show(place, el("div", { class: "columns lane" }, facts, story));
  }

  function renderStory(lane, page) {
    show(
      story,
      el("h2", {}, "Rate"),
      plot(lane, page.events) ?? el("p", { class: "small none" }, "No reply has changed the rate of this lane so far."),
      el("h2", { class: "next" }, "History"),
      page.events.length > 0
        ? history(page.events)
        : el("p", { class: "small none" }, "No change so far: it goes by the shaping rules."),
      page.next_cursor && el("p", { class: "small none" }, "The latest 200 changes; the API has the earlier ones."),
    );
  }
}

function figures(lane) {
  const c = lane.connections;
  const rows = [
    ["Rate", [el("b", {}, rateOf(lane)), ` of ${lane.configured_rate?.text ?? "no bound"}`, meter(lane)]],
    ["Connections", [el("b", {}, c.in_use), ` in use, ${number(c.allowed)} allowed of ${number(c.configured)}`]],
    ["Waiting", [el("b", {}, number(lane.depth)), lane.depth > 0 && ` (${number(lane.at_hand)} ready to send)`]],
    lane.depth > 0 && ["Done", lane.eta ? ["about ", time(lane.eta), `, ${relative(lane.eta)}`] : ["no end known"]],
    lane.takes && ["It takes", [taken(lane.takes)]],
    lane.next_step && ["Next step", [time(lane.next_step.at), " if replies stay clean"]],
    lane.warm_up && [
      "Warm-up",
      [
        `${lane.warm_up.plan}, stage ${lane.warm_up.stage}${lane.warm_up.stages ? ` of ${lane.warm_up.stages}` : ""}: `,
        ...granted(lane.warm_up),
        ...usedUp(lane.warm_up),
        lane.warm_up.scope === "source" && ", shared with all of this source's sites that are no provider's",
        lane.warm_up.paused && ", paused",
      ],
    ],
    ["Score", [`${lane.score} of 100`]],
    lane.why && ["Rules", [rulesLink("shaping", lane.why.version)]],
  ].filter(Boolean);
  return el(
    "dl",
    { class: "facts figures" },
    rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value.filter(Boolean))]),
  );
}

function holds(lane) {
  if (lane.holds.length === 0) return null;
  return el(
    "div",
    { class: "holds" },
    el("h2", {}, "In force"),
    el(
      "ul",
      {},
      lane.holds.map(h =>
        el(
          "li",
          { class: h.kind === "suspend" ? "t-bad" : "t-warn" },
          el("b", {}, holdText(h)),
          el("span", { class: "small" }, " since ", time(h.from), ...(h.until ? [" until ", time(h.until)] : [])),
          el("div", { class: "small" }, "rule ", el("code", {}, h.rule), h.note && `: “${h.note}”`),
        ),
      ),
    ),
  );
}
