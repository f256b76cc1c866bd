import { el } from "./dom.js";

// What a message can be, in the API's words and order; a test holds them together. A tone is a colour of app.css.
const rows = [
  { word: "accepted", tone: "accent" },
  { word: "scheduled", tone: "later" },
  { word: "sending", tone: "busy" },
  { word: "deferred", tone: "warn" },
  { word: "delivered", tone: "good", ends: true },
  { word: "bounced", tone: "bad", ends: true },
  { word: "expired", tone: "bad", ends: true },
  { word: "suppressed", tone: "off", ends: true },
  { word: "cancelled", tone: "off", ends: true },
  { word: "failed", tone: "bad", ends: true },
];

// What else stands in a story.
const others = [
  { word: "attempt", tone: "busy" },
  { word: "bounced_late", tone: "bad" },
  { word: "complained", tone: "bad" },
  { word: "opted_out", tone: "off" },
];

export const statuses = rows.map(row => row.word);

/** From bad to good to still open: what needs a look comes first. */
export const worstFirst = [
  "bounced",
  "expired",
  "failed",
  "suppressed",
  "deferred",
  "sending",
  "accepted",
  "scheduled",
  "cancelled",
  "delivered",
];

const byWord = new Map([...rows, ...others].map(row => [row.word, row]));

export const isEnd = word => byWord.get(word)?.ends === true;

/** How a status or an event of a story looks, as classes. A newer server may have a word that is not here. */
export const look = word => `tone-${byWord.get(word)?.tone ?? "none"}${isEnd(word) ? " ends" : ""}`;

export const statusChip = status => el("span", { class: `chip ${look(status)}` }, status);
