import { el, time } from "./dom.js";
import { perSecond } from "./lanewords.js";

const [width, height] = [600, 96];

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** The learnt rate over time as steps, out of the lane's history (newest first); null when it never changed. */
export function plot(lane, events) {
  const changes = events.filter(e => e.type === "rate_changed").reverse();
  if (changes.length === 0) return null;
  const seen = changes.flatMap(e => [e.from, e.to]).filter(v => v !== undefined);
  const full = lane.configured_rate?.per_second ?? Math.max(...seen) * 1.25;
  const top = Math.max(full, ...seen);
  const end = Date.now();
  const begin = new Date(changes[0].at).getTime() - Math.max(5_000, (end - new Date(changes[0].at)) * 0.04);
  const x = at => ((new Date(at) - begin) / (end - begin)) * width;
  const y = v => height - 2 - ((v ?? full) / top) * (height - 8);

  let path = `M0 ${y(changes[0].from)}`;
  for (const e of changes) path += `H${x(e.at).toFixed(1)}V${y(e.to).toFixed(1)}`;
  path += `H${width}`;
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", class: "plot" },
    svg("title", {}, document.createTextNode(`Rate since ${changes[0].at}`)),
    ...stops(events, end).map(([from, to]) =>
      svg("rect", { class: "stop", x: x(from), y: 0, width: Math.max(1.5, x(to) - x(from)), height }),
    ),
    svg("line", { class: "full", x1: 0, x2: width, y1: y(full), y2: y(full) }),
    svg("path", { class: "area", d: `${path}V${height}H0Z` }),
    svg("path", { class: "line", d: path }),
  );
  return el(
    "figure",
    { class: "rate-plot" },
    el(
      "div",
      { class: "small plot-top" },
      lane.configured_rate ? `configured ${lane.configured_rate.text}` : perSecond(top),
    ),
    picture,
    el("figcaption", { class: "small" }, el("span", {}, time(new Date(begin).toISOString())), el("span", {}, "now")),
  );
}

/** When it was suspended: from, to. */
function stops(events, now) {
  const lifted = new Map(events.filter(e => e.type === "hold_lifted").map(e => [e.hold_id, e.at]));
  return events
    .filter(e => e.type === "hold_began" && e.hold.kind === "suspend" && e.hold.scope === "lane")
    .map(e => [
      new Date(e.at).getTime(),
      Math.min(now, new Date(lifted.get(e.hold.id) ?? e.hold.until ?? now).getTime()),
    ]);
}
