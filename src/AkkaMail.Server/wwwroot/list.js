import { api } from "./api.js";
import { el, loading, number, relative, show, time } from "./dom.js";
import { field, filterForm } from "./filters.js";
import { statusChip, statuses } from "./statuses.js";

const filters = ["status", "recipient", "tag"];
const limit = 50;

/** The recent messages, newest first; the filters stand in the address, so a view can be kept as a bookmark. */
export function listPage({ main, signal, fail }, query, strip) {
  document.title = "Messages · AkkaMail";
  const rows = el("ol", { class: "rows" });
  const foot = el("div", { class: "foot" });
  const state = el("div", {});
  const refresh = el("button", { type: "button", title: "Refresh (r)", onclick: () => first() }, "Refresh");
  show(main, toolbar(query, refresh), el("div", { class: "card list" }, heads(), rows, state, foot));

  let [shown, acceptedThen, acceptedNow] = [0, null, null];
  strip.watch(status => {
    acceptedNow = status.accepted;
    acceptedThen ??= acceptedNow;
    const more = acceptedNow - acceptedThen;
    refresh.textContent = more > 0 ? `Refresh · ${number(more)} new` : "Refresh";
    refresh.classList.toggle("primary", more > 0);
  }, signal);
  document.addEventListener("keydown", e => shortcut(e, first), { signal });
  first();

  async function first() {
    if (shown === 0) show(state, loading("Loading messages"));
    rows.setAttribute("aria-busy", "true");
    acceptedThen = null;
    await load(null);
    strip.refresh();
  }

  async function load(cursor) {
    const asked = { limit, ...(cursor && { cursor }) };
    for (const name of filters) if (query.get(name)) asked[name] = query.get(name);
    try {
      const page = await api.list(asked, { signal });
      if (cursor === null) show(rows);
      rows.append(...page.messages.map(row));
      shown = rows.children.length;
      show(state, shown === 0 && empty(query));
      show(
        foot,
        shown > 0 && el("span", {}, page.next_cursor ? `The latest ${number(shown)}` : `${number(shown)} in all`),
        page.next_cursor &&
          el("button", { type: "button", onclick: e => more(e.target, page.next_cursor) }, "Older messages"),
      );
    } catch (e) {
      if (cursor === null) show(rows);
      shown = rows.children.length;
      show(foot);
      fail(e, state, () => load(cursor));
    } finally {
      rows.removeAttribute("aria-busy");
    }
  }

  async function more(button, cursor) {
    button.disabled = true;
    const next = rows.children.length;
    await load(cursor);
    rows.children[next]?.querySelector("a").focus(); // The button is gone; the reading goes on below.
  }
}

function toolbar(query, refresh) {
  const select = el(
    "select",
    { name: "status", "aria-label": "Status" },
    el("option", { value: "" }, "Any status"),
    statuses.map(s => el("option", { value: s, selected: query.get("status") === s }, s)),
  );
  return filterForm(
    "#/messages",
    "Messages",
    filters.some(f => query.get(f)),
    select,
    [field(query, "recipient", "Recipient", { id: "f-recipient" }), field(query, "tag", "Tag")],
    refresh,
  );
}

const heads = () =>
  el(
    "div",
    { class: "row heads", "aria-hidden": "true" },
    ["Status", "Recipient", "Tags", "Site", "Accepted"].map(h => el("span", {}, h)),
  );

function row(m) {
  const waits = m.due_at && ["deferred", "scheduled"].includes(m.status);
  return el(
    "li",
    {},
    el(
      "a",
      { class: "row", href: `#/messages/${encodeURIComponent(m.id)}` },
      el("span", { class: "c-status" }, statusChip(m.status)),
      el(
        "span",
        { class: "c-to" },
        el("b", {}, m.to ?? "address erased"),
        el("span", { class: "small" }, m.subject ?? (m.from ? `from ${m.from}` : "")),
      ),
      el(
        "span",
        { class: "c-tags" },
        m.tags.map(t => el("span", { class: "tag" }, t)),
      ),
      el(
        "span",
        { class: "c-site" },
        el("span", { class: "site" }, m.site),
        waits
          ? el("span", { class: "small" }, `${m.status === "deferred" ? "next try" : "sends"} ${relative(m.due_at)}`)
          : m.waiting && m.waiting.held_by !== "none"
            ? el("span", { class: "small" }, `waits: ${m.waiting.held_by.replaceAll("_", " ")}`)
            : m.attempts > 1 && el("span", { class: "small" }, `${m.attempts} attempts`),
      ),
      el("span", { class: "c-time" }, time(m.accepted_at)),
    ),
  );
}

function empty(query) {
  if (filters.some(f => query.get(f)))
    return el(
      "div",
      { class: "state" },
      el("strong", {}, "No matching messages"),
      el("p", {}, el("a", { href: "#/messages" }, "Show all")),
    );
  const curl = `curl -s ${location.origin}/v1/messages \\
  -H 'Authorization: Bearer KEY' -H 'Content-Type: application/json' \\
  -d '{"from":"shop@example.com","to":["ann@example.net"],"subject":"Hello","text":"Hi!"}'`;
  return el(
    "div",
    { class: "state" },
    el("strong", {}, "No mail yet"),
    el("p", {}, "Whatever is accepted shows up here. Send one:"),
    el("pre", {}, curl),
  );
}

/** "/" to the recipient filter, "r" to refresh, "j" and "k" through the rows. */
function shortcut(e, refresh) {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, textarea")) return;
  if (e.key === "/") {
    e.preventDefault();
    document.getElementById("f-recipient").focus();
  }
  if (e.key === "r") refresh();
  if (e.key === "j" || e.key === "k") {
    const links = [...document.querySelectorAll(".rows a")];
    links[Math.max(0, links.indexOf(document.activeElement) + (e.key === "j" ? 1 : -1))]?.focus();
  }
}
