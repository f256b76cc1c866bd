# Debian's Postfix with a configuration and a spool of its own; sourced by the scripts beside it.
# Tuned as its experts would: no look-ups on the way in, 20 deliveries at once a destination, room for the whole job in
# the active queue, no pause when mail comes in faster than it goes out. Durable as always: fsync before 250.
export PATH="$PATH:/usr/sbin"

# start_postfix WORK SINK_PORT DOMAIN...: sets port and master.
start_postfix() {
  local work=$1 sink_port=$2 etc=$1/etc spool=$1/spool domain d
  shift 2
  port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
  mkdir -p "$etc" "$spool" "$work/data"; chown postfix "$work/data"
  for domain in "$@"; do echo "$domain smtp:[127.0.0.1]:$sink_port"; done > "$etc/transport"
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
}
