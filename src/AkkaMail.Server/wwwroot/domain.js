import { api } from "./api.js";
import { chip, el, loading, number, show } from "./dom.js";

/** One domain: who sends as it, and how sessions towards its hosts went, as receivers report. */
export async function domainPage({ main, signal, fail }, name) {
  document.title = `${name} · AkkaMail`;
  const head = el("div", { class: "message-head" }, el("div", { class: "title" }, el("h1", {}, name)));
  const place = el("div", {}, loading("Loading the reports"));
  show(main, el("p", { class: "back" }, el("a", { href: "#/domains" }, "← Domains")), head, place);
  try {
    const [domain, dmarc, tls] = await Promise.all([
      api.domain(name, { signal }),
      api.dmarc(name, { limit: 20 }, { signal }),
      api.tls(name, { limit: 20 }, { signal }),
    ]);
    show(head, el("div", { class: "title" }, el("h1", {}, name), chip(domain.state)));
    show(
      place,
      section(`Who sends as ${name}`, dmarc, "No receiver has reported in these days.", senders),
      section("TLS towards its hosts", tls, "No TLS report in these days.", sessions),
    );
  } catch (e) {
    fail(e, place, () => domainPage({ main, signal, fail }, name));
  }
}

const section = (title, answer, none, table) =>
  el(
    "section",
    { class: "card reports" },
    el("h2", {}, title),
    answer.days.length === 0
      ? el("p", { class: "small none" }, none)
      : el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": title }, table(answer.days)),
    el("p", { class: "small none" }, `${answer.from} to ${answer.to}, UTC days, as receivers report them.`),
  );

/** The day stands once, before its sources. */
const tableOf = (heads, days, rows) =>
  el(
    "table",
    {},
    el("thead", {}, el("tr", {}, heads.map(([head, kind]) => el("th", { class: kind, scope: "col" }, head)))),
    days.map(d =>
      el(
        "tbody",
        {},
        rows(d).map((cells, i) =>
          el(
            "tr",
            {},
            i === 0 && el("th", { class: "day", scope: "rowgroup", rowspan: rows(d).length }, el("time", {}, d.day)),
            cells,
          ),
        ),
      ),
    ),
  );

const senders = days =>
  tableOf(
    [
      ["Day"],
      ["Source"],
      ["Mails", "n"],
      ["Passed", "n"],
      ["DKIM", "n"],
      ["SPF", "n"],
      ["Held back", "n"],
      ["Reported by"],
    ],
    days,
    d =>
      d.sources.map(s => [
        el("td", {}, source(s)),
        el("td", { class: "n" }, number(s.mails)),
        el("td", { class: `n ${tone(s.passed, s.mails)}` }, share(s.passed, s.mails)),
        el("td", { class: "n" }, share(s.dkim_aligned, s.mails)),
        el("td", { class: "n" }, share(s.spf_aligned, s.mails)),
        el(
          "td",
          { class: "n", title: `${number(s.quarantined)} quarantined, ${number(s.rejected)} rejected` },
          s.quarantined + s.rejected > 0 ? number(s.quarantined + s.rejected) : "",
        ),
        el("td", { class: "small" }, s.reporters.join(", ")),
      ]),
  );

const sessions = days =>
  tableOf([["Day"], ["Reported by"], ["Sessions", "n"], ["Encrypted", "n"], ["Failures"]], days, d =>
    d.reporters.map(r => [
      el("td", {}, r.reporter),
      el("td", { class: "n" }, number(r.successful + r.failed)),
      el(
        "td",
        { class: `n ${tone(r.successful, r.successful + r.failed)}` },
        share(r.successful, r.successful + r.failed),
      ),
      el(
        "td",
        { class: "small" },
        r.results
          .filter(t => t.result !== "success")
          .map(t => `${number(t.sessions)} ${t.result}${t.mx_host ? ` at ${t.mx_host}` : ""}`)
          .join(", "),
      ),
    ]),
  );

/** One of ours has a name; of another who vouched for its mail often tells whose service it is. */
const source = s =>
  s.source_ip === "other"
    ? el("span", { class: "small" }, "all others")
    : [
        el("code", {}, s.source_ip),
        s.source
          ? el("span", { class: "tag" }, s.source)
          : s.authenticated_as.length > 0 && el("span", { class: "small" }, ` as ${s.authenticated_as.join(", ")}`),
      ];

/** Rounded down: 100 % is all of them. */
const share = (part, all) => (all === 0 ? "" : `${Math.floor((1000 * part) / all) / 10} %`);
const tone = (part, all) => (part === all ? "t-all" : part < all / 2 ? "t-few" : "t-some");
