import { api, key, Problem } from "./api.js";
import { el, failure, show } from "./dom.js";
import { clusterPage } from "./cluster.js";
import { domainPage } from "./domain.js";
import { domainsPage } from "./domains.js";
import { lanePage } from "./lane.js";
import { lanesPage } from "./lanes.js";
import { keyPage } from "./keypage.js";
import { listPage } from "./list.js";
import { messagePage } from "./message.js";
import { rulesPage } from "./rules.js";
import { startStrip } from "./strip.js";
import { tenantPage } from "./tenant.js";
import { tenantsPage } from "./tenants.js";

// The address decides what is shown: #/messages?status=bounced, #/messages/ID, #/lanes, #/lanes/SOURCE/SITE,
// #/domains, #/domains/NAME, #/tenants, #/tenants/NAME, #/cluster, #/rules/KIND/VERSION.

const main = document.getElementById("main");
const nav = document.getElementById("nav");
const forget = document.getElementById("forget");
const strip = startStrip(document.getElementById("strip"), api, lock, isTenant => {
  for (const page of ["lanes", "cluster"]) nav.querySelector(`[href='#/${page}']`).hidden = isTenant; // Everybody's.
  nav.querySelector("[href='#/tenants']").textContent = isTenant ? "Tenant" : "Tenants";
});
let leave = null; // Aborts what the page before still loads or watches.

function route() {
  leave?.abort();
  leave = new AbortController();
  takeKeyFromAddress();
  const locked = key.get() === null;
  forget.hidden = nav.hidden = locked;
  if (locked) {
    strip.stop();
    document.title = "AkkaMail";
    keyPage(main, signIn);
    return;
  }
  strip.start();
  const [path, query] = location.hash.replace(/^#/, "").split("?");
  const lane = /^\/lanes\/([^/]+)\/([^/]+)$/.exec(path);
  const domain = /^\/domains\/([^/]+)$/.exec(path);
  const tenant = /^\/tenants\/([^/]+)$/.exec(path);
  const rules = /^\/rules\/([a-z]+)\/([^/]+)$/.exec(path);
  const part = ["#/lanes", "#/domains", "#/tenants", "#/cluster"].find(p => `#${path}`.startsWith(p)) ?? "#/messages";
  for (const a of nav.children) a.toggleAttribute("aria-current", a.hash === part);
  const message = /^\/messages\/([^/]+)$/.exec(path);
  const page = { main, signal: leave.signal, fail };
  if (!isReadable(path)) show(main, failure({ title: "There is no such page", detail: "The address is not complete." }));
  else if (lane) lanePage(page, decodeURIComponent(lane[1]), decodeURIComponent(lane[2]));
  else if (tenant) tenantPage(page, decodeURIComponent(tenant[1]));
  else if (rules) rulesPage(page, rules[1], decodeURIComponent(rules[2]));
  else if (domain) domainPage(page, decodeURIComponent(domain[1]));
  else if (part === "#/domains") domainsPage(page, new URLSearchParams(query ?? ""));
  else if (part === "#/tenants") tenantsPage(page, new URLSearchParams(query ?? ""));
  else if (part === "#/cluster") clusterPage(page);
  else if (part === "#/lanes") lanesPage(page, new URLSearchParams(query ?? ""), strip);
  else if (message) messagePage(page, decodeURIComponent(message[1]));
  else listPage(page, new URLSearchParams(query ?? ""), strip);
}

/** A lone % is no character: somebody has cut the link. */
function isReadable(path) {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** A link with #key=…&message=ID opens that message; the key leaves the address bar and the history at once. */
function takeKeyFromAddress() {
  const given = new URLSearchParams(location.hash.replace(/^#/, ""));
  if (!given.has("key")) return;
  const other = key.get() !== null && key.get() !== given.get("key");
  // Whoever sends a link must not choose as whom somebody else works on.
  if (!other || confirm("This link has a key of its own. Work with that key from now on?")) key.set(given.get("key"));
  const id = given.get("message");
  history.replaceState(null, "", id ? `#/messages/${encodeURIComponent(id)}` : "#/messages");
}

async function signIn(value) {
  key.set(value);
  try {
    await api.status();
  } catch (e) {
    // A tenant's key is known, and may not see the whole installation.
    if (e.status !== 403) {
      key.forget();
      throw e;
    }
  }
  route();
}

function lock(why) {
  key.forget();
  route();
  if (why) document.getElementById("key-error").textContent = why;
}

/** Shows what went wrong in place of the page; a refused key goes back to the entry. */
function fail(error, where = main, retry = route) {
  if (error.name === "AbortError") return;
  if (error instanceof Problem && error.status === 401) lock("The server does not know this key.");
  else if (error instanceof Problem) show(where, failure(error, retry));
  else {
    show(where, failure({ title: "The dashboard failed", detail: String(error) }, retry));
    throw error;
  }
}

forget.addEventListener("click", () => lock());
// Not an anchor of the router's: it would change the page.
document.getElementById("skip").addEventListener("click", e => {
  e.preventDefault();
  main.focus();
});
addEventListener("hashchange", () => {
  route();
  scrollTo(0, 0);
});
route();
