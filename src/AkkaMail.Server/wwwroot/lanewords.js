import { el, number, relative, time } from "./dom.js";

// A lane in words: what holds it and why, as one sentence a person can read.

export const states = ["source_missing", "suspended", "no_lease", "limited", "warming_up", "running", "idle"];

export const stateChip = state => el("span", { class: `chip s-${state}` }, state.replaceAll("_", " "));

export const rateOf = lane => lane.rate?.text ?? "no bound";

/** A rate that comes as a number: "47.5/s", "6/min". */
export function perSecond(rate) {
  if (rate === undefined || rate === null) return "configured";
  const [value, unit] =
    rate === 0 || rate >= 1 ? [rate, "s"] : rate * 60 >= 1 ? [rate * 60, "min"] : [rate * 3600, "h"];
  return `${Number(value.toFixed(1))}/${unit}`;
}

export const replyOf = cause =>
  [cause.reply.code || "no answer:", cause.reply.enhanced_code, cause.reply.text].filter(Boolean).join(" ");

/** Parts of a sentence, to be children of an element; a reply is cut to length. */
export function why(lane, length = 56) {
  switch (lane.state) {
    case "source_missing":
      return [`The address of ${lane.source} is not on this machine.`];
    case "no_lease":
      return ["Waits for its governor's word; until then it hardly sends."];
    case "suspended":
    case "limited":
      return reason(lane, lane.why, length);
    case "warming_up":
      return [`Stage ${lane.warm_up.stage} of ${lane.warm_up.plan}, `, ...granted(lane.warm_up), ...usedUp(lane.warm_up), "."];
    case "idle":
      return ["Nothing waits for it."];
    default:
      return ["As configured."];
  }
}

function reason(lane, why, length) {
  const said = lane.state === "suspended" ? "Suspended" : `Slowed to ${rateOf(lane)}`;
  const hold = lane.holds.find(h => h.scope === "lane" && h.rule === why.rule);
  const end =
    lane.state === "suspended" || !why.cause
      ? hold && (hold.until ? [" until ", time(hold.until)] : [" until somebody lifts it"])
      : null;
  if (why.rule === "operator")
    return [said, " by an operator", end, why.note && `: “${why.note}”`, "."].filter(Boolean).flat();
  if (why.rule === "reputation") return [`${said} by its reputation: ${lane.score} of 100.`];
  return [
    said,
    why.cause && [" by ", el("q", { class: "said" }, cut(replyOf(why.cause), length)), " at ", time(why.cause.at)],
    " (rule ",
    el("code", {}, why.rule),
    ")",
    end,
    isAhead(lane.next_step?.at) && [", next step at ", time(lane.next_step.at)],
    ".",
    lane.state === "limited" && scoreTakes(lane),
  ]
    .flat()
    .filter(Boolean);
}

/** Once its time has come a step waits for clean replies: a time in the past would say nothing. */
const isAhead = at => at && new Date(at) > Date.now();

export const granted = w => [
  `${w.granted.toLocaleString("en-US")} of ${w.volume.toLocaleString("en-US")} used${w.per === "hour" ? " this hour" : " today"}`,
];

/** Nothing goes until the next day or hour of the plan. */
export const usedUp = w => (w.used_up_until ? [": it stands still until ", time(w.used_up_until)] : []);

/** What the score takes, where another cause is named first; empty when it takes nothing. */
export const scoreTakes = lane =>
  lane.score_factor < 1 && lane.why?.rule !== "reputation"
    ? ` Its score, ${lane.score} of 100, leaves it ${Math.round(lane.score_factor * 100)} % of that.`
    : "";

export function holdText(hold) {
  const kind = {
    suspend: "Suspended",
    limit_rate: `At most ${hold.value}`,
    limit_connections: `At most ${hold.value} connections`,
  };
  const whom = hold.scope === "lane" ? "" : ` for ${hold.tenant}${hold.stream ? `, ${hold.stream}` : ""}`;
  return kind[hold.kind] + whom;
}

/** "in 12 min"; null when nobody knows. */
export const etaOf = lane =>
  !lane.eta ? null : new Date(lane.eta) - Date.now() < 1_500 ? "in a moment" : relative(lane.eta);

const cut = (text, length) => (text.length <= length ? text : `${text.slice(0, length).trimEnd()}…`);

const PERIODS = {
  60: { one: "a minute", many: "minutes" }, 3600: { one: "an hour", many: "hours" }, 86400: { one: "a day", many: "days" },
};

/** What a receiver counts by: about 300 a minute: seen in 6 of 7 minutes that were tried. */
export const taken = window =>
  `about ${number(window.messages)} ${PERIODS[window.seconds]?.one ?? `in ${window.seconds} s`}: seen in `
  + `${window.seen} of ${window.tried} ${PERIODS[window.seconds]?.many ?? "times"} that were tried`;
