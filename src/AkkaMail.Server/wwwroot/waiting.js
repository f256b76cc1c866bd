import { el, number, quote, relative, time } from "./dom.js";

// One sentence a word of held_by; what follows it is when it ends and how many are before it.
const sentences = {
  none: "It begins within a moment.",
  lookup: "The MX hosts of its domain are being looked up.",
  source: "No source of its pool can send from this server.",
  rate: "The lane's rate is used up.",
  connections: "All connections the lane may open are in use.",
  warm_up: "The warm-up's volume for now is used up.",
  hold: "The lane is stopped.",
  breaker: "The receiver does not answer, or blocks us; it is tried again now and then.",
  tenant_limit: "The tenant's own limit is used up.",
  share: "Others have their turn before it.",
  window: "Its stream sends at other hours.",
  paused: "Somebody has paused it.",
};

/** Why a message has not begun, under its story; nothing where the story says it already, or nothing waits. */
export function waitingNote({ waiting }) {
  if (!waiting || waiting.held_by === "due") return null;
  const { held_by, since, until, eta, ahead, engaged_ahead, lane, rule, reply } = waiting;
  return el(
    "div",
    { class: `waiting h-${held_by}` },
    el(
      "p",
      {},
      el("b", {}, `Waits: ${held_by.replaceAll("_", " ")}. `),
      sentences[held_by],
    ),
    reply && quote(reply),
    el(
      "dl",
      { class: "facts" },
      [
        ["since", [time(since), ` (${relative(since)})`]],
        lane && ["lane", el("a", { href: laneAddress(lane) }, `${lane.source} → ${lane.site}`)],
        rule && ["rule", el("code", {}, rule)],
        until && ["until", [time(until), ` (${relative(until)})`]],
        typeof ahead === "number" && ["ahead", `${number(ahead)} of its lane and class`],
        engaged_ahead && ["of them", `${number(engaged_ahead)} go first: their recipients showed life of late`],
        eta && eta !== until && ["expected", [time(eta), ` (${relative(eta)})`]],
      ]
        .filter(Boolean)
        .map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
    ),
  );
}

const laneAddress = ({ source, site }) => `#/lanes/${encodeURIComponent(source)}/${encodeURIComponent(site)}`;
