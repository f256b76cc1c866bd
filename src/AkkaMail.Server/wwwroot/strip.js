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
  const lagging = status.projector_lag > 0;
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
    el("span", { class: "fact" }, el("b", {}, number(status.accepted)), "accepted"),
    present.map(s =>
      el("a", { class: `fact ${look(s)}`, href: `#/messages?status=${s}` }, el("b", {}, number(status.statuses[s])), s),
    ),
    el("span", { class: "fact" }, el("b", {}, number(status.unfinished)), "unfinished"),
    status.complete
      ? el(
          "span",
          { class: "fact good", title: "Every accepted message is counted in exactly one status." },
          "✓ complete",
        )
      : el("span", { class: "fact bad", title: "The statuses do not add up to what was accepted." }, "✗ not complete"),
    el(
      "span",
      { class: lagging ? "fact warn" : "fact", title: "Events stored and not yet in the lists" },
      el("b", {}, number(status.projector_lag)),
      "lag",
    ),
    bar,
  );
}
