import { el, number, show } from "./dom.js";
import { look, worstFirst } from "./statuses.js";

const every = 5_000;

/**
 * The counts of the whole installation, always in sight; onLocked(why) when the key is refused. A tenant's key may not
 * see them: onTenant(true), and nobody asks again.
 */
export function startStrip(strip, api, onLocked, onTenant) {
  let timer = null;
  let latest = null;
  const listeners = new Set();

  async function tick() {
    if (document.hidden) return;
    try {
      latest = await api.status();
      render(strip, latest);
      onTenant(false);
      listeners.forEach(listen => listen(latest));
    } catch (e) {
      if (e.status === 401) onLocked("The server does not know this key.");
      else if (e.status === 403) {
        clearInterval(timer);
        show(strip);
        onTenant(true);
      } else if (timer !== null)
        show(strip, el("span", { class: "fact bad" }, el("b", {}, "No answer"), "the server is away"));
    }
  }

  document.addEventListener("visibilitychange", () => timer !== null && tick());
  return {
    start() {
      if (timer !== null) return;
      timer = setInterval(tick, every);
      tick();
    },
    stop() {
      clearInterval(timer);
      timer = null;
      latest = null;
      show(strip);
    },
    refresh: tick,
    /** listen(status) now and at each change, until the signal aborts. */
    watch(listen, signal) {
      listeners.add(listen);
      signal.addEventListener("abort", () => listeners.delete(listen));
      if (latest) listen(latest);
    },
  };
}

function render(strip, status) {
  const present = worstFirst.filter(s => status.statuses[s] > 0);
  const total = present.reduce((sum, s) => sum + status.statuses[s], 0);
  const bar = el(
    "div",
    { class: "bar", "aria-hidden": "true" },
    present.map(s => {
      const piece = el("i", { class: look(s) });
      piece.style.flexGrow = String(status.statuses[s] / total);
      return piece;
    }),
  );
  show(
    strip,
    el("span", { class: "fact" }, el("b", {}, number(status.accepted)), status.accepted === 1 ? "message" : "messages"),
    present.map(s =>
      el("a", { class: `fact ${look(s)}`, href: `#/messages?status=${s}` }, el("b", {}, number(status.statuses[s])), s),
    ),
    status.unfinished > 0 &&
      el(
        "span",
        { class: "fact", title: "Neither delivered nor given up yet" },
        el("b", {}, number(status.unfinished)),
        "still open",
      ),
    !status.complete && el("span", { class: "fact bad" }, "✗ the counts do not add up"),
    status.projector_lag > 0 &&
      el(
        "span",
        { class: "fact warn", title: "Events that are stored and not yet in lists and counts" },
        el("b", {}, number(status.projector_lag)),
        "events behind",
      ),
    bar,
  );
}
