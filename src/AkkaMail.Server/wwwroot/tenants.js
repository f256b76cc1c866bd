import { api } from "./api.js";
import { el, loading, number, relative, show, time } from "./dom.js";
import { quotaBars } from "./quota.js";
import { tenantChip, tenantPage } from "./tenant.js";

const limit = 100;
const keysMax = 500;

const tenantHref = name => `#/tenants/${encodeURIComponent(name)}`;

/** All tenants, for a key with all rights; for a tenant's key its own page. */
export async function tenantsPage(page, query) {
  const { main, signal, fail } = page;
  document.title = "Tenants · AkkaMail";
  const place = el("div", {}, loading("Loading tenants"));
  show(main, el("div", { class: "toolbar" }, el("h1", {}, "Tenants")), el("div", { class: "card list" }, place));
  const cursor = query.get("cursor");
  try {
    const [found, keys] = await Promise.all([
      api.tenants({ limit, ...(cursor && { cursor }) }, { signal }),
      api.keys({ limit: keysMax }, { signal }),
    ]);
    const usage = await usageOf(found.tenants, signal);
    show(
      place,
      heads(),
      el("ol", { class: "rows" }, found.tenants.map(t => row(t, usage.get(t.name), keysOf(t, keys)))),
      el(
        "div",
        { class: "foot" },
        el("span", {}, found.next_cursor || cursor ? "Sorted by name" : counts(found.tenants)),
        found.next_cursor &&
          el("a", { href: `#/tenants?cursor=${encodeURIComponent(found.next_cursor)}` }, "Next →"),
      ),
    );
  } catch (e) {
    if (e.status !== 403) return fail(e, place, () => tenantsPage(page, query));
    try {
      // A tenant's key does not see the others; its streams say whose it is.
      const { streams } = await api.streams(null, { signal });
      tenantPage(page, streams[0].tenant, true);
    } catch (inner) {
      fail(inner, place, () => tenantsPage(page, query));
    }
  }
}

async function usageOf(tenants, signal) {
  const limited = tenants.filter(t => t.quota);
  const answers = await Promise.all(limited.map(t => api.usage(t.name, { signal })));
  return new Map(limited.map((t, i) => [t.name, answers[i]]));
}

/** Null when there are more keys than were read: half a count would be a wrong one. */
const keysOf = (tenant, { keys, next_cursor }) => (next_cursor ? null : keys.filter(k => k.tenant === tenant.name));

const counts = tenants => {
  const suspended = tenants.filter(t => t.suspended).length;
  const all = `${number(tenants.length)} ${tenants.length === 1 ? "tenant" : "tenants"}`;
  return suspended > 0 ? `${all} · ${number(suspended)} suspended` : all;
};

const heads = () =>
  el(
    "div",
    { class: "tenant-row heads", "aria-hidden": "true" },
    ["State", "Tenant", "Quota", "Keys", "Since"].map(h => el("span", {}, h)),
  );

const row = (tenant, usage, keys) =>
  el(
    "li",
    {},
    el(
      "a",
      { class: "tenant-row", href: tenantHref(tenant.name) },
      el("span", {}, tenantChip(tenant)),
      el(
        "span",
        { class: "c-tenant" },
        el("b", {}, tenant.name),
        tenant.title && el("span", { class: "small" }, tenant.title),
      ),
      el("span", { class: "c-quota" }, quotaBars(usage) ?? el("span", { class: "small" }, "no quota")),
      el("span", { class: "c-keys" }, keys && keysInWords(keys)),
      el(
        "span",
        { class: "c-time" },
        tenant.created_at ? time(tenant.created_at) : el("span", { class: "small" }, "built in"),
      ),
    ),
  );

function keysInWords(keys) {
  if (keys.length === 0) return el("span", { class: "small" }, "no key");
  const last = keys.map(k => k.last_used_at).filter(Boolean).sort().at(-1);
  return [
    el("b", {}, `${number(keys.length)} ${keys.length === 1 ? "key" : "keys"}`),
    el("span", { class: "small" }, last ? `used ${relative(last)}` : "never used"),
  ];
}
