import { api } from "./api.js";
import { chip, el, loading, show, time } from "./dom.js";

const limit = 100;

/** What is sent from: each domain with how it stands in DNS. */
export async function domainsPage({ main, signal, fail }, query) {
  document.title = "Domains · AkkaMail";
  const place = el("div", {}, loading("Loading the domains"));
  show(main, el("div", { class: "toolbar" }, el("h1", {}, "Domains")), el("div", { class: "card list" }, place));
  const cursor = query.get("cursor");
  try {
    const { domains, next_cursor } = await api.domains({ limit, ...(cursor && { cursor }) }, { signal });
    if (domains.length === 0) {
      const how = el("p", {}, "Add the one you send from: ", el("code", {}, "akkamail domains add example.com"));
      show(place, el("div", { class: "state" }, el("strong", {}, "No domains yet"), how));
      return;
    }
    show(
      place,
      heads(),
      el("ol", { class: "rows" }, domains.map(row)),
      el(
        "div",
        { class: "foot" },
        el("span", {}, "Sorted by name"),
        next_cursor && el("a", { href: `#/domains?cursor=${encodeURIComponent(next_cursor)}` }, "Next →"),
      ),
    );
  } catch (e) {
    fail(e, place, () => domainsPage({ main, signal, fail }, query));
  }
}

const heads = () =>
  el(
    "div",
    { class: "domain-row heads", "aria-hidden": "true" },
    ["State", "Domain", "Tenant", "Since"].map(head => el("span", {}, head)),
  );

const row = d =>
  el(
    "li",
    {},
    el(
      "a",
      { class: "domain-row", href: `#/domains/${encodeURIComponent(d.domain)}` },
      chip(d.state),
      el("b", {}, d.domain),
      el("span", { class: "small" }, d.tenant),
      el("span", { class: "c-time" }, time(d.state_since)),
    ),
  );
