import { el, facts, quote, span, time } from "./dom.js";
import { holdText, perSecond } from "./lanewords.js";
import { rulesLink } from "./rules.js";

/** What changed the lane, newest first; steps up in a row are one entry. */
export function history(events) {
  return el(
    "ol",
    { class: "timeline" },
    fold(events).map(e => entry(e)),
  );
}

const isStepUp = e => e.type === "rate_changed" && e.from !== undefined && (e.to === undefined || e.to > e.from);

function fold(events) {
  const folded = [];
  for (const e of events) {
    const last = folded.at(-1);
    if (last && isStepUp(last) && isStepUp(e)) {
      last.steps = (last.steps ?? 1) + 1;
      last.from = e.from;
      last.begun = e.at;
    } else folded.push({ ...e });
  }
  return folded;
}

function entry(e) {
  const [title, tone] = words(e);
  return el(
    "li",
    { class: `t-${tone}` },
    el(
      "div",
      { class: "when" },
      el("b", {}, title),
      time(e.at),
      e.steps && el("span", { class: "gap" }, `${e.steps} steps in ${span(new Date(e.at) - new Date(e.begun))}`),
    ),
    e.cause && !isStepUp(e) && quote(e.cause.reply),
    e.note && el("p", { class: "note" }, `“${e.note}”`),
    details(e),
  );
}

function words(e) {
  switch (e.type) {
    case "rate_changed":
      return isStepUp(e)
        ? [
            e.to === undefined ? "Rate as configured again" : `Faster: ${perSecond(e.from)} → ${perSecond(e.to)}`,
            "good",
          ]
        : [`Slower: ${perSecond(e.from)} → ${perSecond(e.to)}`, "warn"];
    case "connections_changed": {
      const isLess = e.to !== undefined && (e.from === undefined || e.to < e.from);
      return [`Connections: ${e.from ?? "configured"} → ${e.to ?? "configured"}`, isLess ? "warn" : "good"];
    }
    case "hold_began":
      return [holdText(e.hold), e.hold.kind === "suspend" ? "bad" : "warn"];
    case "hold_lifted":
      return ["Lifted", "good"];
    case "warm_up_began":
      return [`Warm-up ${e.plan} begins`, "later"];
    case "warm_up_day_ended":
      return [e.next_stage > e.stage ? `Stage ${e.stage} passed` : `Stage ${e.stage} is repeated`, "later"];
    default:
      return [e.type.replaceAll("_", " ").replace("warm up", "Warm-up"), "later"];
  }
}

/** What a cut was decided by. */
function seen(e) {
  const i = e.inputs;
  if (i.used === undefined) return `${i.objections} objections among ${i.answers} answers`;
  return `${i.accepted} accepted, ${i.objections} objections in ${i.seconds} s at ${perSecond(i.used)}`;
}

function details(e) {
  const items = [
    e.hold && ["until", e.hold.until ? time(e.hold.until) : "lifted"],
    e.rule && ["rule", e.rule],
    e.version && ["rules", rulesLink("shaping", e.version)],
    e.cause && !isStepUp(e) && ["message", el("a", { href: `#/messages/${e.cause.message_id}` }, e.cause.message_id)],
    e.inputs?.objections > 0 && ["seen", seen(e)],
    e.inputs?.counted !== undefined && ["counted", `${e.inputs.counted} of ${e.inputs.threshold}`],
    e.by && ["by", e.by],
    e.granted !== undefined && ["granted", e.granted],
    e.delivered !== undefined && ["delivered", e.delivered],
  ].filter(Boolean);
  return facts(items);
}
