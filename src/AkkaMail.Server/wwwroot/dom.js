// Elements from plain values. Text becomes text nodes: nothing here can turn a mail's words into markup.

/** el("p", { class: "x", onclick: f }, "text", child, null): null and false children are left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false));
  return element;
}

export function show(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false));
}

export const chip = status => el("span", { class: `chip s-${status}` }, status);

const dayOf = new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "short" });
const clockOf = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});

/** Local time, with the day unless it is today; the title has the exact UTC time. */
export function time(iso, { millis = false } = {}) {
  const at = new Date(iso);
  let text = clockOf.format(at);
  if (millis) text += `.${String(at.getMilliseconds()).padStart(3, "0")}`;
  if (at.toDateString() !== new Date().toDateString()) text = `${dayOf.format(at)} ${text}`;
  return el("time", { datetime: iso, title: at.toISOString() }, text);
}

/** A length of time in at most two units: "12 ms", "3.4 s", "2 h 5 min". */
export function span(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}

/** "in 12 min", "3 s ago". */
export function relative(iso) {
  const ms = new Date(iso) - Date.now();
  return ms >= 0 ? `in ${span(ms)}` : `${span(-ms)} ago`;
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export const number = n => n.toLocaleString("en-US");

export const loading = what =>
  el("div", { class: "state", "aria-busy": "true" }, el("span", { class: "spinner" }), what);

/** What went wrong, in the server's words, and a way to try again. */
export function failure(error, retry) {
  return el(
    "div",
    { class: "state bad", role: "alert" },
    el("strong", {}, error.title ?? "Something went wrong"),
    el("p", {}, error.detail ?? error.message),
    error.errors?.length > 0 &&
      el(
        "ul",
        {},
        error.errors.map(e => el("li", {}, el("code", {}, e.field), ` ${e.message}`)),
      ),
    retry && el("button", { type: "button", onclick: retry }, "Try again"),
  );
}

/** A receiver's own words; code 0: none came, or they were told in a report without one. */
export const quote = ({ code, enhanced_code, text }, isReport = false) =>
  el(
    "blockquote",
    { class: `reply r${Math.floor(code / 100)}` },
    (code > 0 || !isReport) && el("span", { class: "code" }, code === 0 ? "no answer" : code),
    enhanced_code && el("span", { class: "code" }, enhanced_code),
    el("span", { class: "text" }, text),
  );

/** Names with their values, [name, value] each; nothing when there is none. */
export const facts = items =>
  items.length > 0 &&
  el(
    "dl",
    { class: "details" },
    items.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
