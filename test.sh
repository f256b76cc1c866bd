#!/usr/bin/env bash
# Installs what the tests need, builds, checks the format, runs every test; the last line is "N passed, N failed". Those
# that cannot run here, and those that needed a second try, are named before it.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Build servers that outlive the build would keep this script's output open, and whoever reads it waiting.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
configuration=${CONFIGURATION:-Debug}

# Real parts: dnsmasq as DNS, Postfix and its smtp-sink as foreign receivers, Python to read mail with other eyes, OpenDKIM
# and npm's mailauth to verify what we sign.
declare -A package=([dnsmasq]=dnsmasq-base [smtp-sink]=postfix [python3]=python3 [sqlite3]=sqlite3
  [opendkim-testmsg]=opendkim-tools [node]=nodejs [npm]=npm)
missing=()
for tool in "${!package[@]}"; do
  PATH="$PATH:/usr/sbin:/sbin" command -v "$tool" >/dev/null || missing+=("${package[$tool]}")
done
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "missing: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  # Postfix is wanted for its test programs only: no configuration, so nothing is started.
  echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
  apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null || exit 1
fi
export PATH="$PATH:/usr/sbin:/sbin"

# Exim's package would throw Postfix out: it is unpacked instead, beside the libraries it wants.
exim=artifacts/peers/exim
if [ ! -x "$exim/usr/sbin/exim4" ] && [ "$(id -u)" = 0 ]; then
  mkdir -p "$exim"
  [ ${#missing[@]} -gt 0 ] || apt-get update -q >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    libdb5.3 libgnutls-dane0 libidn12 libnsl2 libpcre2-8-0 >/dev/null || exit 1
  (cd "$exim" && apt-get download -q exim4-daemon-light 2>/dev/null >&2 && dpkg-deb -x exim4-daemon-light_*.deb .) || exit 1
fi
peers=tests/AkkaMail.Smtp.Tests/Peers
[ -d "$peers/node_modules/mailauth" ] || npm ci --prefix "$peers" --ignore-scripts --no-audit --no-fund >/dev/null || exit 1

dotnet restore AkkaMail.sln -v quiet || exit 1
dotnet build AkkaMail.sln -c "$configuration" --no-restore -v quiet || exit 1
dotnet format AkkaMail.sln --no-restore --verify-no-changes || { echo "run: dotnet format" >&2; exit 1; }

passed=0 failed=0 skipped=() again=() said=$(mktemp)
log=$(mktemp)
trap 'rm -f "$log" "$said"' EXIT

# Of one project, with more arguments for the second try; what it prints is in $log.
tests() {
  dotnet test "tests/AkkaMail.$1.Tests" -c "$configuration" --no-build --blame-hang-timeout 4m --blame-hang-dump-type none \
    --logger "console;verbosity=normal" "${@:2}" 2>&1 | tee "$log" | grep -vE '^\s*$|^(Test run for|VSTest|A total|Starting)'
}
count() { grep -cE "^\s+$1 " "$log"; }
finished() { grep -qE '^Test Run (Successful|Failed)' "$log"; }

# Fast ones first, end to end last; one after the other, since they measure and start servers.
for project in Core Engine Storage Smtp Server Cli Hosting EndToEnd; do
  tests "$project"
  passed=$((passed + $(count Passed)))
  mapfile -t -O "${#skipped[@]}" skipped < <(sed -nE 's/^\s+Skipped ([^ (]+).*/\1/p' "$log")
  if ! finished; then
    echo "$project: the test run did not finish:"; tail -5 "$log"; failed=$((failed + 1))
  elif [ "$(count Failed)" -gt 0 ]; then
    grep -E '^\s+Failed ' -A 12 "$log" >> "$said"
    mapfile -t names < <(sed -nE 's/^\s+Failed ([^ (]+).*/\1/p' "$log" | sort -u)
    first=$(count Failed)
    # Real servers and clocks on a machine that others use as well: what fails there gets one more try, without the
    # others, and is named. What only calculates does not get better by a second look.
    case $project in Core|Engine|Storage|Server|Cli) failed=$((failed + first)); continue ;; esac
    again+=("${names[@]}")
    tests "$project" --filter "$(printf '|FullyQualifiedName=%s' "${names[@]}" | cut -c2-)"
    if finished && [ "$(count Failed)" = 0 ] && [ "$(count Passed)" -ge "$first" ]; then passed=$((passed + first))
    else failed=$((failed + first)); grep -E '^\s+Failed ' -A 12 "$log" >> "$said"; fi
  fi
done
# The last lines say all there is to know: who was not tested, and what failed at first, with what it said.
[ ${#skipped[@]} = 0 ] || echo "${#skipped[@]} skipped: ${skipped[*]##*Tests.}"
[ ${#again[@]} = 0 ] || echo "tried twice: ${again[*]##*Tests.}"
cut -c 1-300 "$said" | head -80
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
