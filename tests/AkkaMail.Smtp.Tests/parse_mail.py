"""Reads a mail from stdin, says in JSON what a reader that is not ours sees in it."""
import base64, email, email.policy, json, sys


def part(p):
    multi = p.is_multipart()
    body = b"" if multi else p.get_payload(decode=True)
    return {
        "type": p.get_content_type(),
        "encoding": str(p.get("Content-Transfer-Encoding", "")),
        "disposition": p.get_content_disposition(),
        "filename": p.get_filename(),
        "cid": p.get("Content-ID"),
        "boundary": p.get_boundary(),
        "text": p.get_content() if p.get_content_maintype() == "text" else None,
        "bytes": base64.b64encode(body).decode(),
        "parts": [part(q) for q in p.iter_parts()] if multi else [],
        "defects": [str(d) for d in p.defects],
    }


raw = sys.stdin.buffer.read()
mail = email.message_from_bytes(raw, policy=email.policy.default)
json.dump({
    "headers": [[k, str(v)] for k, v in mail.items()],
    "to": [[a.display_name, a.addr_spec] for a in mail["To"].addresses] if mail["To"] else [],
    "body": part(mail),
    "bareLines": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
    "longest": max(len(line) for line in raw.split(b"\r\n")),
    "isAscii": all(b < 128 for b in raw),
}, sys.stdout)
