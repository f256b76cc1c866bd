// The public API, nothing else. The key lives as long as the tab.

const storage = "akkamail.key";

export const key = {
  get: () => sessionStorage.getItem(storage),
  set: value => sessionStorage.setItem(storage, value),
  forget: () => sessionStorage.removeItem(storage),
};

/** A problem (RFC 9457) as an error; status 0 means that no answer came. */
export class Problem extends Error {
  constructor(status, { title, detail, errors } = {}) {
    super(detail ?? title ?? `The server answered ${status}`);
    Object.assign(this, { status, title: title ?? `The server answered ${status}`, detail, errors });
  }
}

async function call(path, { method = "GET", body, signal, tenant } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      signal,
      cache: "no-store",
      headers: {
        Authorization: `Bearer ${key.get() ?? ""}`,
        ...(body && { "Content-Type": "application/json" }),
        ...(tenant && { "AkkaMail-Tenant": tenant }),
      },
      body: body && JSON.stringify(body),
    });
  } catch (e) {
    if (e.name === "AbortError") throw e;
    throw new Problem(0, {
      title: "The server does not answer",
      detail: "It may be stopped or starting. Nothing accepted is lost.",
    });
  }
  if (answer.ok) return answer;
  let problem = {};
  try {
    problem = await answer.json();
  } catch {
    /* Not from us but from something between: the status has to do. */
  }
  throw new Problem(answer.status, problem);
}

const json = async (path, options) => (await call(path, options)).json();
const message = id => `/v1/messages/${encodeURIComponent(id)}`;
const lane = (source, site) => `/v1/lanes/${encodeURIComponent(source)}/${encodeURIComponent(site)}`;
const domain = name => `/v1/domains/${encodeURIComponent(name)}`;
const node = hostAndPort => `/v1/cluster/nodes/${encodeURIComponent(hostAndPort)}`;
const tenant = name => `/v1/tenants/${encodeURIComponent(name)}`;

export const api = {
  status: options => json("/v1/status", options),
  list: (query, options) => json(`/v1/messages?${new URLSearchParams(query)}`, options),
  message: (id, options) => json(message(id), options),
  raw: async (id, options) => new Uint8Array(await (await call(`${message(id)}/raw`, options)).arrayBuffer()),
  lanes: (query, options) => json(`/v1/lanes?${new URLSearchParams(query)}`, options),
  lane: (source, site, options) => json(lane(source, site), options),
  history: (source, site, query, options) =>
    json(`${lane(source, site)}/history?${new URLSearchParams(query)}`, options),
  order: (source, site, verb, body) => json(`${lane(source, site)}/${verb}`, { method: "POST", body }),
  cluster: options => json("/v1/cluster", options),
  orderNode: (hostAndPort, verb, body) => json(`${node(hostAndPort)}/${verb}`, { method: "POST", body }),
  moveLedger: (ledger, body) => json(`/v1/cluster/ledgers/${ledger}/move`, { method: "POST", body }),
  rules: (kind, version, options) => json(`/v1/rules/${kind}/${encodeURIComponent(version)}`, options),
  tenants: (query, options) => json(`/v1/tenants?${new URLSearchParams(query)}`, options),
  tenant: (name, options) => json(tenant(name), options),
  usage: (name, options) => json(`${tenant(name)}/usage`, options),
  keys: (query, options) => json(`/v1/keys?${new URLSearchParams(query)}`, options),
  streams: (tenant, options) => json("/v1/streams?limit=500", { ...options, tenant }),
  domains: (query, options) => json(`/v1/domains?${new URLSearchParams(query)}`, options),
  domain: (name, options) => json(domain(name), options),
  dmarc: (name, query, options) => json(`${domain(name)}/dmarc?${new URLSearchParams(query)}`, options),
  tls: (name, query, options) => json(`${domain(name)}/tls?${new URLSearchParams(query)}`, options),
  cancel: id => json(message(id), { method: "DELETE" }),
};
