import { api } from "./api.js";
import { el, loading, relative, show, time } from "./dom.js";
import { quotaBars, quotaMode } from "./quota.js";

/** One tenant: its keys, its streams, how much of its quota is used. For its own key there is no way to the others. */
export async function tenantPage({ main, signal, fail }, name, isOwn = false) {
  document.title = `${name} · AkkaMail`;
  const head = el("div", { class: "message-head" }, el("div", { class: "title" }, el("h1", {}, name)));
  const place = el("div", {}, loading("Loading the tenant"));
  show(main, !isOwn && el("p", { class: "back" }, el("a", { href: "#/tenants" }, "← Tenants")), head, place);
  try {
    const [tenant, usage, { streams }, keys] = await Promise.all([
      isOwn ? null : api.tenant(name, { signal }),
      api.usage(name, { signal }),
      api.streams(isOwn ? null : name, { signal }),
      keysOf(isOwn, name, signal),
    ]);
    if (tenant)
      show(
        head,
        el("div", { class: "title" }, el("h1", {}, name), tenantChip(tenant)),
        (tenant.title || tenant.created_at) &&
          el(
            "p",
            {},
            tenant.title && el("b", {}, tenant.title),
            tenant.title && tenant.created_at && ", ",
            tenant.created_at && ["since ", time(tenant.created_at)],
          ),
      );
    show(
      place,
      el(
        "div",
        { class: "columns tenant" },
        el("section", { class: "card mail" }, el("h2", {}, "Keys"), keyList(keys)),
        el(
          "section",
          { class: "card story" },
          el("h2", {}, "Quota"),
          quotaBars(usage, { resets: true }) ??
            el("p", { class: "small none" }, "None: it may send as much as it likes."),
          usage.mode && el("p", { class: "small none" }, quotaMode(usage)),
          el("h2", { class: "next" }, "Streams"),
          streamList(streams),
        ),
      ),
    );
  } catch (e) {
    fail(e, place, () => tenantPage({ main, signal, fail }, name, isOwn));
  }
}

export const tenantChip = ({ suspended }) =>
  el("span", { class: `chip ${suspended ? "s-suspended" : "s-running"}` }, suspended ? "suspended" : "active");

/** Null when the key may not see keys: that needs the scope manage. */
async function keysOf(isOwn, name, signal) {
  try {
    return (await api.keys({ limit: 500 }, { signal, tenant: isOwn ? null : name })).keys;
  } catch (e) {
    if (e.status === 403) return null;
    throw e;
  }
}

function keyList(keys) {
  if (keys === null) return el("p", { class: "small none" }, "To see them a key needs the scope manage.");
  if (keys.length === 0) return el("p", { class: "small none" }, "None.");
  return el(
    "ul",
    { class: "entries" },
    keys.map(k =>
      el(
        "li",
        {},
        el(
          "div",
          { class: "entry" },
          el("b", {}, k.name),
          el("span", { class: "scopes" }, k.scopes.map(s => el("span", { class: "tag" }, s))),
        ),
        el(
          "div",
          { class: "small" },
          el("code", {}, k.id),
          ...(k.last_used_at
            ? [
                " · used ",
                el("span", { title: exact(k.last_used_at) }, relative(k.last_used_at)),
                k.last_used_from && ` from ${k.last_used_from}`,
              ]
            : [" · never used"]),
        ),
        el("div", { class: "small" }, expiry(k), k.networks.length > 0 && ` · only from ${k.networks.join(", ")}`),
      ),
    ),
  );
}

function expiry(k) {
  if (!k.expires_at) return "does not expire";
  const isOver = new Date(k.expires_at) <= Date.now();
  return el("span", { class: isOver ? "over" : "" }, isOver ? "expired " : "expires ", day(k.expires_at));
}

/** Mostly far away: the day with its year; the title has the exact time. */
const day = iso => el("time", { datetime: iso, title: exact(iso) }, exact(iso).slice(0, 10));
const exact = iso => new Date(iso).toISOString();

const streamList = streams =>
  el(
    "ul",
    { class: "entries" },
    streams.map(s =>
      el(
        "li",
        {},
        el("div", { class: "entry" }, el("b", {}, s.name), s.kind !== s.name && el("span", { class: "tag" }, s.kind)),
        el("div", { class: "small" }, [s.title, s.unsubscribe && "offers to unsubscribe"].filter(Boolean).join(" · ")),
      ),
    ),
  );
