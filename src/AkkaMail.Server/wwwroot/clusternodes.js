import { number, span } from "./dom.js";
import { ago, clockText, ledgerText, levelOf, rulesOf, runsOf, short, standings, versionText } from "./clusterwords.js";
import { html, useRef, useState } from "./page.js";

const sum = (ledgers, field) => ledgers.reduce((all, l) => all + (l[field] ?? 0), 0);

/** A row a node, and one for the ledgers that live nowhere. A column that no node has anything for is not there. */
export function Nodes({ cluster: { nodes, ledgers }, ask, mayOrder }) {
  const columns = [
    ["State", "c-state", n => html`<span class=${`chip shaped tone-${standings[n.state] ?? "off"}`}>${n.state}</span>`],
    ["Node", "c-node", n => html`<${Name} node=${n} />`],
    ["Ledgers", "c-ledgers", (_, own) => html`<${Ledgers} own=${own} ask=${ask} />`],
    ["Open messages", "c-number", (_, own) => html`<${Load} own=${own} />`],
    nodes.some(n => n.skew_seconds !== undefined) && ["Clock", "c-clock", n => html`<${Clock} node=${n} />`],
    runsOf(nodes).length > 1 && ["Version and rules", "c-runs", n => html`<${Runs} node=${n} nodes=${nodes} />`],
    nodes.some(n => n.started_at) && ["Started", "c-since", n => html`<${Since} node=${n} />`],
    mayOrder && nodes.length > 1 && ["Orders", "c-orders", n => html`<${Orders} node=${n} ask=${ask} />`],
  ].filter(Boolean);
  const ownOf = node => ledgers.filter(l => l.node === node);
  const silent = ledgers.filter(l => !l.node);
  return html`<table class="nodes">
    <thead>
      <tr>
        ${columns.map(([name, kind]) => html`<th scope="col" class=${kind} key=${name}>${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${nodes.map(
        n =>
          html`<tr key=${`${n.node} ${n.started_at}`} class=${`n-${n.state}`}>
            ${columns.map(
              ([name, kind, cell]) =>
                html`<td class=${kind} data-label=${name} key=${name}>${cell(n, ownOf(n.node))}</td>`,
            )}
          </tr>`,
      )}
      ${
        silent.length > 0 &&
        html`<tr key="silent" class="n-silent">
          <td class="c-state"><span class="chip shaped tone-bad">no node</span></td>
          <td class="c-node"><b>On no node</b><span class="small">Another takes them within seconds.</span></td>
          <td class="c-ledgers" data-label="Ledgers" colspan=${columns.length - 2}>
            <${Ledgers} own=${silent} ask=${ask} />
          </td>
        </tr>`
      }
    </tbody>
  </table>`;
}

/** Its name in the shaping file where it has one, its address, and what it does beside what all do. */
function Name({ node }) {
  const roles = node.roles.filter(r => r !== `node:${node.name}`);
  return html`<b>${node.name ?? short(node.node)}</b>
    ${node.is_this && html` <span class="tag" title="The node that shows this page">this one</span>`}
    ${node.name && html`<span class="small" title=${node.node}><code>${short(node.node)}</code></span>`}
    ${roles.length > 0 && html`<span class="small">${roles.join(", ")}</span>`}`;
}

function Ledgers({ own, ask }) {
  return html`<span class="count" data-unit=${own.length === 1 ? " ledger" : " ledgers"}>${number(own.length)}</span>${
      own.length > 0 && html`<${Squares} ledgers=${own} choose=${ledger => ask({ verb: "move", ledger })} />`
    }`;
}

/** One stop of the tab key; arrows move, Enter opens. */
function Squares({ ledgers, choose }) {
  const [at, setAt] = useState(0);
  const group = useRef(null);
  const here = Math.min(at, ledgers.length - 1);
  function move(e) {
    const to =
      { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1 }[e.key] ??
      { Home: 0, End: ledgers.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    const next = Math.max(0, Math.min(ledgers.length - 1, to));
    setAt(next);
    group.current.children[next].focus();
  }
  return html`<span class="squares" role="group" aria-label="Its ledgers" ref=${group} onKeyDown=${move}>
    ${ledgers.map(
      (l, i) =>
        html`<button
          type="button"
          key=${l.ledger}
          class=${`square l-${levelOf(l)}`}
          title=${ledgerText(l)}
          aria-label=${ledgerText(l)}
          tabindex=${i === here ? 0 : -1}
          onClick=${() => choose(l)}
          onFocus=${() => setAt(i)}
        ></button>`,
    )}
  </span>`;
}

function Load({ own }) {
  if (own.length === 0) return html`<span class="none-here">–</span>`;
  const [lag, commit] = [sum(own, "lag"), Math.max(...own.map(l => l.commit_p99_seconds ?? 0))];
  return html`<b>${number(sum(own, "unfinished"))}</b>
    ${commit > 0 && html`<span class="small" title="99 of 100 commits of its slowest ledger">commits ${span(commit * 1000)}</span>`}
    ${lag > 0 && html`<span class="small">${number(lag)} not in lists yet</span>`}`;
}

function Clock({ node: { skew_seconds: skew, state } }) {
  if (skew === undefined || state === "gone") return html`<span class="none-here">–</span>`;
  return html`<span class=${Math.abs(skew) > 0.5 ? "is-odd" : ""} title=${`${skew} s against the database's`}
    >${clockText(skew)}</span
  >`;
}

/** Where nodes differ, which should all be the same: what is not as with the first that is up stands out. */
function Runs({ node, nodes }) {
  const first = nodes.find(n => n.state === "up" && n.version);
  const odd = field => (node.state === "up" && first && node[field] !== first[field] ? "is-odd" : "");
  return html`<span class=${odd("version")} title=${node.version}
      >${node.version ? versionText(node.version) : "–"}</span
    >
    ${rulesOf(node).map(
      ({ kind, version, href }) =>
        html`<span class=${`small ${odd("rules")}`} key=${kind}
          >${kind} <a href=${href}><code>${version}</code></a></span
        >`,
    )}`;
}

/** What all of them run and go by, said once. */
export function RunsAlike({ nodes }) {
  const [one, other] = runsOf(nodes);
  if (!one || other) return null;
  return html`<p class="legend small">
    <span
      >${nodes.length === 1 ? "It runs" : "All run"} ${" "}<b title=${one.version}>${versionText(one.version)}</b></span
    >
    ${rulesOf(one).map(
      ({ kind, version, href }) =>
        html`<span key=${kind}
          >${kind} rules <a href=${href}><code>${version}</code></a></span
        >`,
    )}
  </p>`;
}

function Since({ node: { started_at, seen_at, state } }) {
  if (!started_at) return html`<span class="none-here">–</span>`;
  return html`<span title=${started_at}>${ago(started_at)}</span>
    ${seen_at && html`<span class=${`small ${state === "unreachable" ? "is-odd" : ""}`} title=${seen_at}>seen ${ago(seen_at)}</span>`}`;
}

/** Those that make sense of it as it stands; the last word is the server's. */
function Orders({ node, ask }) {
  const leaves = node.state === "up" || node.state === "joining";
  const dies = node.state !== "gone" && !node.is_this;
  const of = node.name ?? short(node.node);
  return html`<span class="choices">
    ${leaves && html`<${Choice} of=${`Let ${of} leave…`} choose=${() => ask({ verb: "leave", node })}>Let it leave…<//>`}
    ${dies && html`<${Choice} kind="danger" of=${`Take ${of} for dead…`} choose=${() => ask({ verb: "down", node })}>Take for dead…<//>`}
  </span>`;
}

/** Says of whom to those who do not see the row. */
const Choice = ({ of, kind = "", choose, children }) =>
  html`<button type="button" class=${`low ${kind}`} aria-label=${of} onClick=${choose}>${children}</button>`;
