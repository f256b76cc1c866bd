import { el, relative, span, time } from "./dom.js";

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
        { class: `s-${e.type}` },
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
        e.reply && words(e.reply),
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

function words({ code, enhanced_code, text }) {
  return el(
    "blockquote",
    { class: `reply r${Math.floor(code / 100)}` },
    el("span", { class: "code" }, code === 0 ? "no answer" : code),
    enhanced_code && el("span", { class: "code" }, enhanced_code),
    el("span", { class: "text" }, text),
  );
}

function details(e) {
  const items = [
    e.mx && ["mx", e.mx],
    e.mx && ["tls", e.tls ?? "none"],
    e.step && ["step", e.step],
    e.duration_ms !== undefined && ["took", span(e.duration_ms)],
    e.source && ["source", e.source],
    e.rule && ["rule", e.rule],
    e.node && ["node", e.node],
  ].filter(Boolean);
  return (
    items.length > 0 &&
    el(
      "dl",
      { class: "details" },
      items.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    )
  );
}
