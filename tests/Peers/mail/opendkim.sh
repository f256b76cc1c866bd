#!/bin/sh
# Reads mails as OpenDKIM sees them; one line a mail: NAME and the tool's exit code. The tool asks the system's resolver,
# so it gets an /etc/resolv.conf of its own (a mount nobody else sees) that leads to the DNS server given, on port 53.
# Arguments: a directory of NAME.eml, the address of the server.
set -u
directory=$1 address=$2
echo "nameserver $address" > "$directory/resolv.conf"
exec unshare -m sh -c '
  mount --bind "$1/resolv.conf" /etc/resolv.conf || exit 1
  cd "$1"
  for mail in *.eml; do
    opendkim-testmsg < "$mail" > "$mail.out" 2>&1
    echo "${mail%.eml} $? $(head -c 200 "$mail.out" | tr "\n" " ")"
  done' sh "$directory"
