import { api } from "./api.js";
import { el, loading, show, time } from "./dom.js";

/** The name of rules in a decision, which leads to their text. */
export const rulesLink = (kind, version) =>
  el("a", { href: `#/rules/${kind}/${encodeURIComponent(version)}` }, el("code", {}, version));

/** Rules as they were written, whether they still hold or not. */
export async function rulesPage({ main, signal, fail }, kind, version) {
  document.title = `${version} · AkkaMail`;
  const place = el("div", {}, loading("Reading the rules"));
  const head = el("div", { class: "message-head" }, el("div", { class: "title" }, el("h1", {}, `${kind} ${version}`)));
  const [list, href] = kind === "shaping" ? ["Lanes", "#/lanes"] : ["Messages", "#/messages"];
  show(main, el("p", { class: "back" }, el("a", { href }, `← ${list}`)), head, place);
  try {
    const rules = await api.rules(kind, version, { signal });
    show(
      place,
      el("p", { class: "small" }, "First seen ", time(rules.first_seen), rules.current ? ", in force now." : "."),
      rules.over && el("p", { class: "small" }, "Over the shipped ", rulesLink(kind, rules.over), "."),
      el("section", { class: "card rules" }, el("pre", {}, rules.text)),
    );
  } catch (e) {
    fail(e, place, () => rulesPage({ main, signal, fail }, kind, version));
  }
}
