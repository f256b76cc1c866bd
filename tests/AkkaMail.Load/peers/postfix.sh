#!/usr/bin/env bash
# The job of `throughput` through Debian's Postfix, then through AkkaMail, in one run: smtp-source in, the same counting
# sink out, a configuration and a spool of its own. Prints both and their ratio. Needs root and: apt-get install postfix
#   usage: postfix.sh [messages] [size] [domains]
set -euo pipefail
cd "$(dirname "$0")/../../.."
messages=${1:-20000} size=${2:-4096} domains=${3:-20}
export PATH="$PATH:/usr/sbin"
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

port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
etc=$work/etc spool=$work/spool
mkdir -p "$etc" "$spool" "$work/data"; chown postfix "$work/data"
for ((k = 0; k < domains; k++)); do echo "d$k.test smtp:[127.0.0.1]:$sink_port"; done > "$etc/transport"
# Tuned as its experts would: no look-ups on the way in, 20 deliveries at once a destination, room for the whole job in
# the active queue, no pause when mail comes in faster than it goes out. Durable as always: fsync before 250.
cat > "$etc/main.cf" <<CF
compatibility_level = 3.6
queue_directory = $spool
data_directory = $work/data
mail_owner = postfix
setgid_group = postdrop
myhostname = postfix.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtpd_tls_security_level = none
smtp_tls_security_level = none
smtp_dns_support_level = disabled
smtp_host_lookup = native
transport_maps = texthash:$etc/transport
receive_override_options = no_address_mappings
default_process_limit = 100
in_flow_delay = 0
default_destination_concurrency_limit = 20
initial_destination_concurrency = 20
qmgr_message_active_limit = 40000
qmgr_message_recipient_limit = 40000
smtp_connection_cache_on_demand = no
maillog_file = /var/log/akkamail-peer-postfix.log
CF
cat > "$etc/master.cf" <<CF
127.0.0.1:$port inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
CF
for d in active bounce corrupt defer deferred flush hold incoming private saved trace; do
  mkdir "$spool/$d"; chown postfix "$spool/$d"; chmod 700 "$spool/$d"
done
mkdir "$spool/pid" "$spool/public" "$spool/maildrop"; chown postfix:postdrop "$spool/public" "$spool/maildrop"
chmod 710 "$spool/public"; chmod 730 "$spool/maildrop"

/usr/lib/postfix/sbin/master -c "$etc" -d &
master=$!
for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep .1; done

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
