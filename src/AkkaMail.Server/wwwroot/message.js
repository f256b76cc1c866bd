import { api } from "./api.js";
import { el, failure, loading, number, relative, show, time } from "./dom.js";
import { mailView } from "./mail.js";
import { isEnd, statusChip } from "./statuses.js";
import { timeline } from "./timeline.js";
import { waitingNote } from "./waiting.js";

const watchEvery = 2_000;

/** One message: its story to the left, the mail itself to the right. The story is watched until it ends. */
export async function messagePage({ main, signal, fail }, id) {
  document.title = "Message · AkkaMail";
  show(main, loading("Loading the message"));
  let seen = "";
  const head = el("header", { class: "message-head" });
  const story = el("section", { class: "card story", "aria-label": "Story" });
  const mail = el("section", { class: "card mail", "aria-label": "The mail" }, loading("Loading the mail"));

  async function load() {
    const message = await api.message(id, { signal });
    const now = JSON.stringify([message.status, message.events.length, message.waiting]);
    if (now !== seen) {
      document.title = `${message.subject ?? message.to ?? id} · AkkaMail`;
      show(head, headOf(message, cancel));
      show(story, el("h2", {}, "Story"), cutNote(message), timeline(message), waitingNote(message), facts(message));
      seen = now;
    }
    return message;
  }

  async function watch(message) {
    while (!isEnd(message.status) && !signal.aborted) {
      await new Promise(done => setTimeout(done, watchEvery));
      if (document.hidden || signal.aborted) continue;
      try {
        message = await load();
      } catch (e) {
        if (e.name === "AbortError" || e.status === 401) return fail(e);
        // The strip says that the server is away; the story on the screen still holds.
      }
    }
  }

  async function cancel(button) {
    button.disabled = true;
    try {
      await api.cancel(id);
    } catch (e) {
      toast(`${e.title}. ${e.detail ?? ""}`);
    }
    seen = "";
    await load().catch(fail);
  }

  try {
    const message = await load();
    show(
      main,
      el("nav", { class: "back" }, el("a", { href: "#/messages" }, "← Messages")),
      head,
      el("div", { class: "columns" }, story, mail),
    );
    watch(message);
  } catch (e) {
    fail(e);
    return;
  }
  try {
    show(mail, mailView(await api.raw(id, { signal }), id));
  } catch (e) {
    if (e.status === 404) show(mail, failure(e));
    else fail(e, mail);
  }
}

function cutNote(message) {
  return (
    message.story_begins &&
    el("p", { class: "cut" }, "What happened before ", time(message.story_begins), " is no longer kept.")
  );
}

function headOf(message, cancel) {
  // "Started" as the ledger means it: an attempt that never got out also counts.
  const notStarted = ["accepted", "scheduled"].includes(message.status) && message.attempts === 0;
  return [
    el(
      "div",
      { class: "title" },
      el("h1", {}, message.subject ?? "No subject kept"),
      statusChip(message.status),
      notStarted && el("button", { class: "danger", type: "button", onclick: e => cancel(e.target) }, "Cancel message"),
    ),
    el(
      "p",
      {},
      el("b", {}, message.to ?? "address erased"),
      message.from && [" from ", el("span", {}, message.from)],
      message.tags.map(t => [" ", el("a", { class: "tag", href: `#/messages?${new URLSearchParams({ tag: t })}` }, t)]),
    ),
  ];
}

function facts(message) {
  const rows = [
    ["Message", copyable(message.id)],
    ["Submission", copyable(message.submission_id)],
    ["Stream", message.stream],
    ["Site", message.site],
    ["Attempts", number(message.attempts)],
    message.engaged_on && ["Goes first", `its recipient showed life on ${message.engaged_on}`],
    message.send_at && ["Send at", time(message.send_at)],
    message.due_at &&
      message.status === "deferred" && ["Next try", [time(message.due_at), ` (${relative(message.due_at)})`]],
    !isEnd(message.status) && ["Gives up", [time(message.expires_at), ` (${relative(message.expires_at)})`]],
    ...Object.entries(message.metadata ?? {}).map(([name, value]) => [name, value, "metadata"]),
  ].filter(Boolean);
  return el(
    "dl",
    { class: "facts" },
    rows.map(([name, value, kind]) => [el("dt", { title: kind }, name), el("dd", {}, value)]),
  );
}

function copyable(text) {
  return [
    el("code", {}, text),
    el(
      "button",
      {
        class: "copy",
        type: "button",
        "aria-label": `Copy ${text}`,
        onclick: async e => {
          const button = e.currentTarget;
          // Not there over plain http from another machine: then the text can still be selected.
          await navigator.clipboard?.writeText(text);
          button.textContent = navigator.clipboard ? "Copied" : "Select it by hand";
          setTimeout(() => {
            button.textContent = "Copy";
          }, 1_500);
        },
      },
      "Copy",
    ),
  ];
}

function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.hidden = false;
  setTimeout(() => {
    box.hidden = true;
  }, 6_000);
}
