import { api } from "./api.js";
import { figures, nameOf, short } from "./clusterwords.js";
import { Field, OrderDialog } from "./orderdialog.js";
import { html } from "./page.js";

/** The dialog of an order: of a node (leave, down) or of a ledger (move). */
export function ClusterOrder({ verb, node, ledger, cluster, mayOrder, ...rest }) {
  if (verb === "move") return html`<${Move} ledger=${ledger} cluster=${cluster} mayOrder=${mayOrder} ...${rest} />`;
  const name = node.name ?? short(node.node);
  const words = verb === "leave" ? leaving(name, node, cluster) : dying(name, node);
  // By host and port: the slashes of a whole address do not come through a path.
  return html`<${OrderDialog} ...${rest} ...${words} send=${body => api.orderNode(short(node.node), verb, body)} />`;
}

const ledgersOf = node => (node.ledgers === 1 ? "its ledger goes" : `its ${node.ledgers} ledgers go`);

const leaving = (name, node, { nodes }) => ({
  title: `Let ${name} leave`,
  verb: "Let it leave",
  danger: false,
  says: [
    nodes.some(n => n !== node && n.state === "up")
      ? `It ends as at a stop of its service: what it sends now is ended, ${ledgersOf(node)} to the others, and nothing is in doubt.`
      : "It ends as at a stop of its service. No other node is up: nothing is taken in or sent until one starts.",
    "Its program ends. To have it back, start it.",
    node.is_this && "It is the node that shows this page: go on at another's address.",
  ].filter(Boolean),
});

const dying = (name, node) => ({
  title: `Take ${name} for dead`,
  verb: "Take for dead",
  danger: true,
  says: [
    `The others go on without it at once, and ${ledgersOf(node)} to them.`,
    node.state === "unreachable"
      ? "For one that will not come back. If it does live, it ends itself, and what it has under way may be sent twice."
      : "It does answer: better let it leave. Taken for dead it ends itself, and what it has under way may be sent twice.",
  ],
});

function Move({ ledger, cluster, mayOrder, ...rest }) {
  // As it is now, not as it was when it was chosen.
  const now = cluster.ledgers.find(l => l.ledger === ledger.ledger) ?? ledger;
  const others = cluster.nodes.filter(n => n.state === "up" && n.node !== now.node);
  const may = mayOrder && others.length > 0;
  return html`<${OrderDialog}
    ...${rest}
    title=${may ? `Move ledger ${now.ledger}` : `Ledger ${now.ledger}`}
    verb=${may && "Move"}
    says=${[
      now.node ? `It lives on ${nameOf(cluster.nodes, now.node)}: ${figures(now)}.` : "It does not answer.",
      may &&
        "It moves within seconds, at a commit; what is being sent ends where it is. It stays there until nodes come or go.",
      others.length === 0 && "There is no other node that it could move to.",
    ].filter(Boolean)}
    send=${body => api.moveLedger(now.ledger, body)}
  >
    ${errors =>
      may &&
      html`<${Field} name="to" label="To" errors=${errors}>
        <select name="to">
          ${others.map(
            n => html`<option value=${n.node} key=${n.node}>${n.name ?? short(n.node)} (has ${n.ledgers})</option>`,
          )}
        </select>
      <//>`}
  <//>`;
}
