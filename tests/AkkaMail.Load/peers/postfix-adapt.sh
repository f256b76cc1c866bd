#!/usr/bin/env bash
# The receivers of `adapt` before Debian's Postfix as a sender: what share of what each allowed it uses, and what share it is
# refused, after the first half of the time. Needs root and: apt-get install postfix
#   usage: postfix-adapt.sh [seconds]
set -euo pipefail
cd "$(dirname "$0")/../../.."
seconds=${1:-240}
. tests/AkkaMail.Load/peers/instance.sh
load=artifacts/bin/AkkaMail.Load/release/AkkaMail.Load
[ -x "$load" ] || dotnet build -c Release tests/AkkaMail.Load -v quiet >&2
work=$(mktemp -d); chmod 755 "$work"
master=

cleanup() {
  if [ -n "$master" ]; then kill "$master" 2>/dev/null || true; wait "$master" 2>/dev/null || true; fi
  if [ -n "${SINK_PID:-}" ]; then kill "$SINK_PID" 2>/dev/null || true; fi
  rm -rf "$work" /var/log/akkamail-peer-postfix.log
}
trap cleanup EXIT

mapfile -t jobs < <("$load" adapt --domains --seconds "$seconds")
coproc SINK { exec "$load" receive; }
read -r sink_port _ <&"${SINK[0]}"
each() { echo each >&"${SINK[1]}"; read -r line <&"${SINK[0]}"; tr ' ' '\n' <<<"$line" | sort; }

start_postfix "$work" "$sink_port" $(printf '%s\n' "${jobs[@]}" | cut -d' ' -f1)
for job in "${jobs[@]}"; do
  read -r domain count _ <<<"$job"
  smtp-source -4 -d -s 4 -m "$count" -l 1024 -f n@sender.test -t "user@$domain" "127.0.0.1:$port" &
done
sleep $((seconds / 2)); each > "$work/first"
sleep $((seconds / 2)); each > "$work/second"
for job in "${jobs[@]}"; do
  read -r domain _ allowed <<<"$job"
  python3 - "$domain" "$allowed" "$work/first" "$work/second" <<'PY'
import sys
domain, allowed, *files = sys.argv[1:]
def of(path):
    for line in open(path):
        name, counts = line.strip().split("=")
        if name == domain: return [int(n) for n in counts.split("/")]
    return [0, 0]
(t0, r0), (t1, r1) = map(of, files)
print(f"scenario={domain[:-5]} later_taken={t1 - t0} later_share={(t1 - t0) / float(allowed):.3f} "
      f"later_refused={(r1 - r0) / max(1, t1 - t0 + r1 - r0):.4f} taken={t1} refused={r1}")
PY
done
