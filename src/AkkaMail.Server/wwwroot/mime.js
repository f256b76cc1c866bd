// Enough of MIME (RFC 2045-2049, 2231) to look at a mail: headers, texts, files. Bytes are kept as a string of
// characters 0 to 255 until a part's charset is known.

const depthMax = 20; // A mail of mails of mails is cut off, not followed.

export function parseMail(bytes) {
  const binary = toBinary(bytes);
  const mail = { headers: readHeaders(split(binary)[0]), text: null, html: null, files: [], source: binary };
  walk(binary, mail, 0);
  return mail;
}

function walk(binary, mail, depth) {
  const [head, body] = split(binary);
  const headers = readHeaders(head);
  const type = parameters(find(headers, "content-type") ?? "text/plain");
  if (type.value.startsWith("multipart/") && type.boundary && depth < depthMax) {
    for (const part of parts(body, type.boundary)) walk(part, mail, depth + 1);
    return;
  }
  const disposition = parameters(find(headers, "content-disposition") ?? "");
  const name = disposition.filename ?? type.name;
  const content = decode(body, (find(headers, "content-transfer-encoding") ?? "7bit").trim().toLowerCase());
  const isFile = disposition.value === "attachment" || name !== undefined;
  if (!isFile && type.value === "text/plain" && mail.text === null) mail.text = toText(content, type.charset);
  else if (!isFile && type.value === "text/html" && mail.html === null) mail.html = toText(content, type.charset);
  else {
    mail.files.push({
      name: name ?? `part-${mail.files.length + 1}`,
      type: type.value,
      bytes: content,
      contentId: find(headers, "content-id")?.trim().replace(/^<|>$/g, "") ?? null,
      inline: disposition.value === "inline",
    });
  }
}

function split(binary) {
  const end = /\r?\n\r?\n/.exec(binary);
  return end ? [binary.slice(0, end.index), binary.slice(end.index + end[0].length)] : [binary, ""];
}

function readHeaders(head) {
  const unfolded = head.replace(/\r?\n(?=[ \t])/g, "");
  return unfolded
    .split(/\r?\n/)
    .filter(line => line.includes(":"))
    .map(line => {
      const colon = line.indexOf(":");
      return {
        name: line.slice(0, colon).trim(),
        raw: line.slice(colon + 1).trim(),
        value: words(line.slice(colon + 1).trim()),
      };
    });
}

const find = (headers, name) => headers.find(h => h.name.toLowerCase() === name)?.raw;

function parts(body, boundary) {
  const found = [];
  let open = -1;
  const delimiter = new RegExp(
    `(?:^|\\r?\\n)--${boundary.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(--)?[ \\t]*(?=\\r?\\n|$)`,
    "g",
  );
  for (let match; (match = delimiter.exec(body)) !== null;) {
    if (open >= 0) found.push(body.slice(open, match.index));
    if (match[1]) return found;
    open = delimiter.lastIndex + (body[delimiter.lastIndex] === "\r" ? 2 : 1);
    // The next delimiter's line break may be the one just passed: an empty part.
    delimiter.lastIndex = open - 1;
  }
  if (open >= 0) found.push(body.slice(open));
  return found;
}

/** "text/plain; charset=utf-8; name*0*=UTF-8''a; name*1=b" to { value, charset, name } (RFC 2231 §3, §4). */
function parameters(header) {
  const [value, ...rest] = header.match(/(?:[^;"]|"(?:\\.|[^"\\])*")+/g) ?? [""];
  const result = { value: value.trim().toLowerCase() };
  const pieces = {};
  for (const item of rest) {
    const equals = item.indexOf("=");
    if (equals < 0) continue;
    const [, name, index, encoded] =
      /^([^*]+)(?:\*(\d+))?(\*)?$/.exec(item.slice(0, equals).trim().toLowerCase()) ?? [];
    if (name === undefined || name === "value") continue;
    const text = item
      .slice(equals + 1)
      .trim()
      .replace(/^"([\s\S]*)"$/, "$1")
      .replace(/\\(.)/g, "$1");
    (pieces[name] ??= [])[Math.min(Number(index ?? 0), 999)] = { text, encoded: encoded !== undefined };
  }
  for (const [name, list] of Object.entries(pieces)) {
    let charset = "utf-8";
    const whole = list
      .map((piece, i) => {
        if (!piece.encoded) return piece.text;
        const marked = i === 0 ? /^([^']*)'[^']*'([\s\S]*)$/.exec(piece.text) : null;
        if (marked) charset = marked[1] || charset;
        return (marked ? marked[2] : piece.text).replace(/%([0-9a-f]{2})/gi, (_, hex) =>
          String.fromCharCode(parseInt(hex, 16)),
        );
      })
      .join("");
    result[name] = list.some(piece => piece.encoded) ? toText(toBytes(whole), charset) : words(whole);
  }
  return result;
}

/** Encoded words (RFC 2047); white space between two of them belongs to neither. */
function words(text) {
  return toText(toBytes(text), "utf-8")
    .replace(/(=\?[^?\s]+\?[bq]\?[^?]*\?=)\s+(?==\?[^?\s]+\?[bq]\?)/gi, "$1")
    .replace(/(?:=\?[^?\s]+\?[bq]\?[^?]*\?=)+/gi, run => {
      // A character may be cut between two words: join the bytes of one charset before they are read.
      let [result, bytes, charset] = ["", "", null];
      for (const [, set, coding, data] of run.matchAll(/=\?([^?\s*]+)[^?\s]*\?([bq])\?([^?]*)\?=/gi)) {
        if (charset !== null && set.toLowerCase() !== charset)
          [result, bytes] = [result + toText(toBytes(bytes), charset), ""];
        charset = set.toLowerCase();
        bytes += fromBytes(coding.toLowerCase() === "b" ? base64(data) : quoted(data.replaceAll("_", " ")));
      }
      return result + toText(toBytes(bytes), charset ?? "utf-8");
    });
}

function decode(body, coding) {
  if (coding === "base64") return base64(body);
  return coding === "quoted-printable" ? quoted(body) : toBytes(body);
}

function base64(text) {
  try {
    return toBytes(atob(text.replace(/[^A-Za-z0-9+/]/g, "")));
  } catch {
    return toBytes(text);
  }
}

const quoted = text =>
  toBytes(
    text
      .replace(/[ \t]+(?=\r?\n|$)/g, "")
      .replace(/=\r?\n/g, "")
      .replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
  );

function toText(bytes, charset) {
  try {
    return new TextDecoder(charset || "utf-8").decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

const toBytes = binary => Uint8Array.from(binary, c => c.charCodeAt(0));

function toBinary(bytes) {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 32_768) binary += String.fromCharCode(...bytes.subarray(i, i + 32_768));
  return binary;
}

const fromBytes = toBinary;
