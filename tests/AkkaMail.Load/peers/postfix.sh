#!/usr/bin/env bash
# The job of `throughput` through Debian's Postfix, then through AkkaMail, in one run: smtp-source in, the same counting
# sink out, a configuration and a spool of its own. Prints both and their ratio. Needs root and: apt-get install postfix
#   usage: postfix.sh [messages] [size] [domains]
set -euo pipefail
cd "$(dirname "$0")/../../.."
messages=${1:-20000} size=${2:-4096} domains=${3:-20}
. tests/AkkaMail.Load/peers/instance.sh
load=artifacts/bin/AkkaMail.Load/release/AkkaMail.Load
[ -x "$load" ] || dotnet build -c Release tests/AkkaMail.Load -v quiet >&2
work=$(mktemp -d); chmod 755 "$work"
master=

cleanup() {
  if [ -n "$master" ]; then kill "$master" 2>/dev/null || true; wait "$master" 2>/dev/null || true; fi
  if [ -n "${SINK_PID:-}" ]; then kill "$SINK_PID" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

coproc SINK { exec "$load" sink; }
read -r sink_port _ <&"${SINK[0]}"
count() { echo count >&"${SINK[1]}"; read -r n <&"${SINK[0]}"; echo "$n"; }
until_count() {
  local seen=-1 quiet=0 now
  while now=$(count); [ "$now" -lt "$1" ]; do
    if [ "$now" = "$seen" ]; then quiet=$((quiet + 1)); else quiet=0 seen=$now; fi
    [ "$quiet" -lt 3000 ] || { echo "stuck at $now of $1" >&2; exit 1; }
    sleep .02
  done
}

start_postfix "$work" "$sink_port" $(seq -f 'd%g.test' 0 $((domains - 1)))

inject() {   # one kept session a domain
  local pids=() k
  for ((k = 0; k < domains; k++)); do
    smtp-source -4 -d -s 1 -m $(($1 / domains)) -l "$size" -f sender@sender.test -t "user@d$k.test" "127.0.0.1:$port" &
    pids+=($!)
  done
  wait "${pids[@]}"
}
warm=$((1000 / domains * domains)) job=$((messages / domains * domains))
inject "$warm"; until_count "$warm"
began=$(date +%s.%N)
inject "$job" & injecting=$!
until_count $((warm + job))
ended=$(date +%s.%N)
wait "$injecting"
postfix=$(python3 -c "print(f'{$job/($ended-$began):.0f}')")
kill "$master"; wait "$master" 2>/dev/null || true; master=
rm -f /var/log/akkamail-peer-postfix.log
echo "postfix_msgs_per_s=$postfix"

line=$("$load" throughput --messages "$messages" --size "$size" --domains "$domains")
echo "akkamail $line"
akkamail=$(sed -n 's/.*msgs_per_s=\([0-9]*\).*/\1/p' <<<"$line")
python3 -c "print(f'ratio={$akkamail/$postfix:.2f}')"
