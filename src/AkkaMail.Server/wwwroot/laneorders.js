import { api } from "./api.js";
import { el } from "./dom.js";

const times = [
  ["", "until somebody lifts it"],
  ["15m", "for 15 minutes"],
  ["1h", "for an hour"],
  ["4h", "for 4 hours"],
  ["1d", "for a day"],
  ["7d", "for a week"],
];

/** The buttons that fit the lane; done(lane) with what the server says it is then. */
export function orders(lane, done, fail) {
  const isStopped = lane.holds.some(h => h.kind === "suspend");
  const isLimited = lane.holds.some(h => h.rule === "operator" && h.kind !== "suspend");
  const ask = (verb, title, says, fields, fixed) => () =>
    dialog({ lane, verb, title, says, fields, fixed, done, fail });
  return el(
    "div",
    { class: "orders" },
    isStopped
      ? button(
          "Resume",
          "primary",
          ask("resume", "Resume", "Everything that stops this lane is lifted. It goes on at the rate it has learnt.", [
            note(false),
          ]),
        )
      : button(
          "Suspend",
          "danger",
          ask("suspend", "Suspend", "Nothing is sent; what waits stays accepted.", [time(), note(true)]),
        ),
    button(
      "Limit",
      "",
      ask("limit", "Limit", "Beside all other limits, in place of an earlier one of yours.", [
        rate(),
        connections(),
        time(),
        note(true),
      ]),
    ),
    isLimited &&
      button(
        "Lift limit",
        "",
        ask("limit", "Lift the limit", "Rules and what the lane has learnt stay.", [note(false)], { lift: true }),
      ),
  );
}

const button = (text, kind, onclick) => el("button", { type: "button", class: kind, onclick }, text);

const note = required => () =>
  field(
    "note",
    required ? "Why" : "Why (may be empty)",
    el("textarea", { name: "note", rows: 2, maxlength: 500, required }),
  );
const time = () => () =>
  field(
    "for",
    "How long",
    el(
      "select",
      { name: "for" },
      times.map(([value, text]) => el("option", { value }, text)),
    ),
  );
const rate = () => () =>
  field("rate", "Rate", el("input", { name: "rate", placeholder: "10/min", spellcheck: "false", autocomplete: "off" }));
const connections = () => () =>
  field("connections", "Connections", el("input", { name: "connections", type: "number", min: 1, max: 5000 }));

const field = (name, label, control) =>
  el("label", {}, el("span", {}, label), control, el("span", { class: "error", "data-for": name, role: "alert" }));

function dialog({ lane, verb, title, says, fields, fixed = {}, done, fail }) {
  const submit = el("button", { class: verb === "suspend" ? "danger" : "primary" }, title);
  const form = el(
    "form",
    {},
    el("h1", {}, title),
    el("p", { class: "small" }, `${lane.site} from ${lane.source}. ${says}`),
    fields.map(make => make()),
    el("p", { class: "error", "data-for": "$", role: "alert" }),
    el(
      "div",
      { class: "buttons" },
      el("button", { type: "button", class: "quiet", onclick: () => box.close() }, "Cancel"),
      submit,
    ),
  );
  const box = el("dialog", { class: "card order", onclose: () => box.remove() }, form);
  form.addEventListener("submit", async e => {
    e.preventDefault();
    submit.disabled = true;
    form.querySelectorAll(".error").forEach(p => (p.textContent = ""));
    try {
      const answer = await api.order(lane.source, lane.site, verb, { ...fixed, ...read(form) });
      box.close();
      done(answer);
    } catch (problem) {
      if (problem.status === 401) {
        box.close();
        fail(problem);
      } else tell(form, problem);
    } finally {
      submit.disabled = false;
    }
  });
  document.body.append(box);
  box.showModal();
}

function read(form) {
  const body = {};
  for (const [name, value] of new FormData(form)) {
    if (value.trim() === "") continue;
    body[name] = name === "connections" ? Number(value) : value.trim();
  }
  return body;
}

function tell(form, problem) {
  const errors = problem.errors ?? [{ field: "$", message: problem.detail ?? problem.title }];
  for (const { field, message } of errors) {
    const place = form.querySelector(`[data-for="${CSS.escape(field)}"]`);
    if (place) place.textContent = message;
    else form.querySelector('[data-for="$"]').textContent += `${field} ${message} `;
  }
}
