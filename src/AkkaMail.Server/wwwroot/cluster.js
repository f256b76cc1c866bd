import { api } from "./api.js";
import { ClusterOrder } from "./clusterorders.js";
import { Nodes, RunsAlike } from "./clusternodes.js";
import { called, headline, levels, orderText, spread, verdict } from "./clusterwords.js";
import { AsOf, html, Loaded, mount, Time, usePolled, useState } from "./page.js";

/** Who is there, what lives where, and what an operator can do about it. */
export function clusterPage(page) {
  document.title = "Cluster · AkkaMail";
  mount(page, Cluster);
}

function Cluster({ page }) {
  const polled = usePolled(page, signal => api.cluster({ signal }));
  const [asked, ask] = useState(null); // { verb, node } or { verb, ledger }: the order whose dialog is open.
  const [mayOrder, setMayOrder] = useState(true); // Known when an order was refused: no answer tells what a key may.
  return html`<${Loaded} polled=${polled} what="the cluster">
    ${cluster => html`
      <${Head} cluster=${cluster} polled=${polled} />
      <${Warnings} cluster=${cluster} />
      <section class="card cluster-card" aria-label="Nodes">
        <${Nodes} cluster=${cluster} ask=${ask} mayOrder=${mayOrder} />
        <${Legend} isOne=${cluster.ledgers.length === 1} />
        <${RunsAlike} nodes=${cluster.nodes} />
      </section>
      <${Orders} cluster=${cluster} />
      ${
        asked &&
        html`<${ClusterOrder}
          ...${asked}
          page=${page}
          cluster=${cluster}
          mayOrder=${mayOrder}
          done=${polled.set}
          refused=${() => setMayOrder(false)}
          close=${() => ask(null)}
        />`
      }
    `}
  <//>`;
}

function Head({ cluster, polled }) {
  const { tone, word } = polled.error ? { tone: "off", word: "as it was" } : verdict(cluster);
  return html`<header class="cluster-head">
    <div class="title">
      <h1>${headline(cluster)}</h1>
      <span class=${`chip shaped tone-${tone}`}>${word}</span>
      <${AsOf} polled=${polled} />
    </div>
    <p>${spread(cluster)}</p>
  </header>`;
}

const Warnings = ({ cluster: { warnings, nodes } }) =>
  warnings.length > 0 &&
  html`<ul class="card warnings" aria-label="Warnings">
    ${warnings.map(text => html`<li key=${text}>${called(text, nodes)}</li>`)}
  </ul>`;

const Legend = ({ isOne }) =>
  html`<p class="legend small">
    ${isOne ? "The square is the ledger, a part of the messages:" : "A square is a ledger, a part of the messages:"}
    ${Object.entries(levels).map(([level, text]) => html`<span key=${level}><i class=${`square l-${level}`}></i>${text}</span>`)}
  </p>`;

const Orders = ({ cluster: { orders, nodes } }) =>
  html`<section class="card cluster-card given">
    <h2>Last orders</h2>
    ${
      orders.length === 0
        ? html`<p class="small">None. What operators order of nodes and ledgers is kept here, with why.</p>`
        : html`<ol>
            ${orders.map(
              o =>
                html`<li key=${o.at}>
                  <span class="when"><${Time} at=${o.at} /></span>
                  <b>${orderText(o, nodes)}</b>
                  <span class="why">“${o.reason}”</span>
                  <span class="small by">by <code>${o.by}</code></span>
                </li>`,
            )}
          </ol>`
    }
  </section>`;
