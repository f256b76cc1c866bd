import { el, number, relative } from "./dom.js";

/** A quota's windows as bars: how much is used, and when each begins anew. Nothing when there is no quota. */
export function quotaBars(usage, { resets = false } = {}) {
  if (!usage || usage.windows.length === 0) return null;
  return el(
    "ul",
    { class: "quota" },
    usage.windows.map(w => {
      const share = Math.min(1, w.used / w.limit);
      const fill = el("i", { class: share >= 1 ? "t-bad" : share >= 0.8 ? "t-warn" : "t-good" });
      fill.style.width = `${Math.max(share * 100, share > 0 ? 2 : 0)}%`;
      return el(
        "li",
        { title: `${number(w.used)} of ${number(w.limit)} recipients; resets ${relative(w.resets_at)}` },
        el("span", { class: "window" }, w.window),
        el("span", { class: "meter", "aria-hidden": "true" }, fill),
        el("span", { class: "of" }, el("b", {}, number(w.used)), ` of ${number(w.limit)}`),
        resets && el("span", { class: "resets small" }, `resets ${relative(w.resets_at)}`),
      );
    }),
  );
}

/** What happens beyond it, in words. */
export const quotaMode = usage =>
  usage.mode === "schedule" ? "Mail over the quota waits for the next window." : "Mail over the quota is refused.";
