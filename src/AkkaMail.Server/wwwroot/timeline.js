import { el, facts, quote, relative, span, time } from "./dom.js";
import { rulesLink } from "./rules.js";
import { look } from "./statuses.js";

/** The events of a message, oldest first: what happened, when, and the receiver's own words. */
export function timeline(message) {
  let before = null;
  return el(
    "ol",
    { class: "timeline" },
    message.events.map(e => {
      const gap = before === null ? null : new Date(e.at) - new Date(before);
      before = e.at;
      return el(
        "li",
        { class: look(e.type) },
        el(
          "div",
          { class: "when" },
          el("b", {}, e.type === "attempt" ? `attempt ${e.attempt}` : e.type.replaceAll("_", " ")),
          time(e.at, { millis: true }),
          gap !== null && el("span", { class: "gap" }, `+${span(gap)}`),
        ),
        e.in_doubt &&
          el(
            "p",
            { class: "doubt" },
            el("b", {}, "In doubt. "),
            "Nobody knows whether the receiver took this attempt; the mail may arrive twice.",
          ),
        e.reply && quote(e.reply, e.reporter !== undefined),
        e.due_at &&
          el(
            "p",
            { class: "due" },
            e.type === "scheduled" ? "Sends " : "Next try ",
            time(e.due_at),
            new Date(e.due_at) > Date.now() && ` (${relative(e.due_at)})`,
          ),
        details(e),
      );
    }),
  );
}

function details(e) {
  const items = [
    e.held_by && e.held_by !== "none" && ["was held by", `${e.held_by.replaceAll("_", " ")} ${e.hold_id ?? ""}`.trim()],
    e.mx && ["mx", e.mx],
    e.mx && ["tls", e.tls ?? "none"],
    e.step && ["step", e.step],
    e.duration_ms !== undefined && ["took", span(e.duration_ms)],
    e.bytes > 0 && ["bytes", e.bytes.toLocaleString()],
    e.source && ["source", e.source],
    e.local_address && e.local_address !== e.source && ["left from", e.local_address],
    e.by && ["by", e.by],
    e.note && ["note", e.note],
    e.reporter && ["told by", e.reporter],
    e.feedback_type && ["feedback", e.feedback_type],
    e.classification && ["classified as", `${e.classification.reason.replaceAll("_", " ")} (${e.classification.bounce})`],
    e.classification && ["by rules", rulesLink("bounces", e.classification.version)],
    e.rule && ["rule", e.rule],
    e.node && ["node", e.node],
  ].filter(Boolean);
  return facts(items);
}
