import { number, span } from "./dom.js";

// Nodes and ledgers in words, and what is worth a look.

/** How a node stands, and the tone of it. */
export const standings = { up: "good", joining: "later", leaving: "warn", unreachable: "bad", gone: "off" };

/** Without what all addresses of a cluster have in common: 127.0.0.1:2551. */
export const short = text => text.replace(/akka(?:\.\w+)*:\/\/[^@\s]+@/g, "");

/** A sentence of the server's, with the nodes called as people call them. */
export const called = (text, nodes) =>
  short(nodes.reduce((said, n) => (n.name ? said.replaceAll(n.node, n.name) : said), text));

/** Of an address, as people call the node. */
export const nameOf = (nodes, address) => nodes.find(n => n.node === address)?.name ?? short(address);

const plural = (n, one, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;
const listed = words => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

/** From here on a ledger is slow, and far behind: events that are not in the lists yet, seconds of a commit. */
const slow = { lag: 1_000, commit: 0.1 };
const farBehind = { lag: 10_000, commit: 1 };
const isOver = ({ lag = 0, commit_p99_seconds = 0 }, bound) => lag >= bound.lag || commit_p99_seconds >= bound.commit;

/** What the squares can be, the usual first, and what that means. */
export const levels = {
  usual: "as usual",
  slow: "slow: commits of 0.1 s, or 1,000 events not in the lists yet",
  far: "far behind: 1 s, or 10,000 events",
  silent: "does not answer",
};
export const levelOf = ledger =>
  !ledger.node ? "silent" : isOver(ledger, farBehind) ? "far" : isOver(ledger, slow) ? "slow" : "usual";

/** "120 open messages, all in the lists, commits within 12 ms"; of one that answers. */
export function figures(ledger) {
  const commit = ledger.commit_p99_seconds;
  return [
    plural(ledger.unfinished, "open message"),
    ledger.lag > 0 ? `${plural(ledger.lag, "event")} not in the lists yet` : "all in the lists",
    commit ? `commits within ${span(commit * 1000)}` : "no commit in the last seconds",
  ].join(", ");
}

export const ledgerText = ledger =>
  ledger.node ? `Ledger ${ledger.ledger}: ${figures(ledger)}.` : `Ledger ${ledger.ledger} does not answer.`;

/** "0.6 s ahead"; within a tenth of a second: "in step". */
export const clockText = seconds =>
  Math.abs(seconds) < 0.1 ? "in step" : `${Math.abs(seconds).toFixed(1)} s ${seconds > 0 ? "ahead" : "behind"}`;

/** "3 s ago": a sign of life is no measurement, and clocks differ. */
export function ago(iso) {
  const seconds = Math.max(0, Math.round((Date.now() - new Date(iso)) / 1000));
  return seconds < 60 ? `${seconds} s ago` : `${span(seconds * 1000)} ago`;
}

/** 0.1.0+321c99c: of the commit what is enough to find it. */
export const versionText = version => version.replace(/(\+[0-9a-f]{7})[0-9a-f]+$/, "$1");

/** "bounces=1+144c, shaping=d366" by its kinds. */
export const rulesOf = node =>
  (node.rules?.split(/,\s*/) ?? []).map(rule => {
    const [kind, version] = [rule.slice(0, rule.indexOf("=")), rule.slice(rule.indexOf("=") + 1)];
    return { kind, version, href: `#/rules/${kind}/${encodeURIComponent(version)}` };
  });

/** The first of each that live nodes run and go by: more than one is a fault, or an upgrade under way. */
export function runsOf(nodes) {
  const told = nodes.filter(n => n.version && n.state !== "gone");
  return told.filter((n, i) => told.findIndex(m => m.version === n.version && m.rules === n.rules) === i);
}

/** The answer in a sentence: what is wrong first. */
export function headline({ nodes, ledgers }) {
  const inState = state => nodes.filter(n => n.state === state).map(n => n.name ?? short(n.node));
  const [dead, silent] = [inState("unreachable"), ledgers.filter(l => !l.node).length];
  if (dead.length > 0) return `${listed(dead)} ${dead.length === 1 ? "does" : "do"} not answer`;
  if (silent > 0)
    return `${number(silent)} of ${plural(ledgers.length, "ledger")} ${silent === 1 ? "has" : "have"} no node`;
  const [leaving, joining, up] = [inState("leaving"), inState("joining"), inState("up").length];
  if (leaving.length > 0) return `${listed(leaving)} ${leaving.length === 1 ? "is" : "are"} leaving`;
  if (joining.length > 0) return `${listed(joining)} ${joining.length === 1 ? "is" : "are"} joining`;
  return up === 1 ? "One node is up" : `${number(up)} nodes are up`;
}

export const slowOf = ledgers => ledgers.filter(l => ["slow", "far"].includes(levelOf(l))).length;

/** How the ledgers lie on the nodes that are up. */
export function spread({ nodes, ledgers }) {
  const up = nodes.filter(n => n.state === "up");
  const end = slowOf(ledgers) > 0 ? ` ${plural(slowOf(ledgers), "ledger is", "ledgers are")} slow.` : "";
  const all = plural(ledgers.length, "ledger");
  const silent = ledgers.filter(l => !l.node).length;
  if (silent > 0) return `${number(silent)} of ${all} ${silent === 1 ? "lives" : "live"} on no node now.${end}`;
  if (up.length < 2) return `It has ${ledgers.length === 1 ? "the one ledger" : `all ${all}`}.${end}`;
  const counts = up.map(n => n.ledgers);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const isEven = most - least <= Math.max(2, most / 8);
  return `${all}, ${isEven ? "evenly spread" : `unevenly spread: from ${number(least)} to ${number(most)} a node`}.${end}`;
}

/** One word for all of it, with its tone. */
export function verdict({ nodes, ledgers, warnings }) {
  const isBad = nodes.some(n => n.state === "unreachable") || ledgers.some(l => !l.node);
  if (isBad || warnings.length > 0) return { tone: isBad ? "bad" : "warn", word: plural(warnings.length, "warning") };
  return slowOf(ledgers) > 0 ? { tone: "warn", word: "slow" } : { tone: "good", word: "all well" };
}

/** An order by its word: what it was, and of which node. */
const orders = {
  leave: name => `Let ${name} leave`,
  down: name => `Take ${name} for dead`,
  move: (name, ledger) => `Move ledger ${ledger} to ${name}`,
};

/** Of the kept words of it: its subject is a node, or a ledger and where to. */
export function orderText({ order, subject }, nodes) {
  const [first, to] = subject.split(" to ");
  return orders[order]?.(nameOf(nodes, to ?? first), first) ?? `${order} ${short(subject)}`;
}
