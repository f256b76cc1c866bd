import { el, size } from "./dom.js";
import { parseMail } from "./mime.js";
import { tabs } from "./tabs.js";

// What a mail's HTML may do in its frame: look like something. The frame also inherits the page's own policy.
const framePolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:";
const markup = globalThis.trustedTypes?.createPolicy("mail", { createHTML: html => html }) ?? {
  createHTML: html => html,
};

const shownHeaders = ["from", "to", "cc", "reply-to", "date", "subject"];

/** The mail as a reader sees it, and as it was sent. */
export function mailView(bytes, id) {
  const mail = parseMail(bytes);
  return [
    el("h2", {}, "Mail", el("span", { class: "small" }, ` ${size(bytes.length)}`)),
    el(
      "dl",
      { class: "facts" },
      shownHeaders
        .map(name => mail.headers.find(h => h.name.toLowerCase() === name))
        .filter(Boolean)
        .map(h => [el("dt", {}, h.name), el("dd", {}, h.value)]),
    ),
    tabs(
      [
        mail.html !== null && ["HTML", () => htmlFrame(mail)],
        mail.text !== null && ["Text", () => el("pre", { class: "text" }, mail.text)],
        mail.files.length > 0 && [`Files (${mail.files.length})`, () => fileList(mail.files)],
        [
          "Headers",
          () =>
            el(
              "dl",
              { class: "headers" },
              mail.headers.map(h => [el("dt", {}, h.name), el("dd", {}, h.value)]),
            ),
        ],
        ["Source", () => source(bytes, id)],
      ].filter(Boolean),
    ),
  ];
}

function htmlFrame(mail) {
  const html = withInlineImages(mail.html, mail.files);
  const frame = el("iframe", {
    sandbox: true,
    title: "The mail's HTML, without scripts and remote content",
    class: "html",
  });
  frame.srcdoc = markup.createHTML(
    `<!doctype html><meta charset="utf-8">` +
      `<meta http-equiv="Content-Security-Policy" content="${framePolicy}">` +
      `<style>body{font:15px/1.5 system-ui,sans-serif;margin:16px;color:#111;background:#fff}</style>${html}`,
  );
  return [frame, el("p", { class: "small" }, "Shown without scripts and without anything from outside.")];
}

/** RFC 2392: cid: names a part of this mail. */
function withInlineImages(html, files) {
  for (const file of files.filter(f => f.contentId && /^image\/[\w.+-]+$/.test(f.type))) {
    const data = btoa(Array.from(file.bytes, b => String.fromCharCode(b)).join(""));
    html = html.replaceAll(`cid:${file.contentId}`, `data:${file.type};base64,${data}`);
  }
  return html;
}

const fileList = files =>
  el(
    "ul",
    { class: "files" },
    files.map(file =>
      el(
        "li",
        {},
        el(
          "span",
          {},
          el("b", {}, file.name),
          el(
            "span",
            { class: "small" },
            `${file.type} · ${size(file.bytes.length)}` + (file.inline ? " · inline" : ""),
          ),
        ),
        el(
          "button",
          { type: "button", "aria-label": `Download ${file.name}`, onclick: () => save(file.bytes, file.name) },
          "Download",
        ),
      ),
    ),
  );

function source(bytes, id) {
  const text = new TextDecoder().decode(bytes.subarray(0, 500_000));
  return [
    el(
      "div",
      { class: "foot" },
      el("span", {}, bytes.length > 500_000 ? `The first 500 KB of ${size(bytes.length)}` : "As it goes over the wire"),
      el("button", { type: "button", onclick: () => save(bytes, `${id}.eml`) }, "Download .eml"),
    ),
    el("pre", { class: "source", tabindex: "0" }, text),
  ];
}

/** As a file whatever its type: opened in place it would be a page of this server's. */
function save(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
