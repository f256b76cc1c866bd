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

async function call(path, { method = "GET", signal } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      signal,
      cache: "no-store",
      headers: { Authorization: `Bearer ${key.get() ?? ""}` },
    });
  } catch (e) {
    if (e.name === "AbortError") throw e;
    throw new Problem(0, {
      title: "The server does not answer",
      detail: "It may be stopped or starting. Nothing accepted is lost.",
    });
  }
  if (answer.ok) return answer;
  let body = {};
  try {
    body = await answer.json();
  } catch {
    /* Not from us but from something between: the status has to do. */
  }
  throw new Problem(answer.status, body);
}

const json = async (path, options) => (await call(path, options)).json();
const message = id => `/v1/messages/${encodeURIComponent(id)}`;

export const api = {
  status: options => json("/v1/status", options),
  list: (query, options) => json(`/v1/messages?${new URLSearchParams(query)}`, options),
  message: (id, options) => json(message(id), options),
  raw: async (id, options) => new Uint8Array(await (await call(`${message(id)}/raw`, options)).arrayBuffer()),
  cancel: id => json(message(id), { method: "DELETE" }),
};
