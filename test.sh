#!/usr/bin/env bash
# Installs what the tests need, builds, checks the format, runs every test, and says how long each step took. The last
# line is "N passed, N failed"; before it are named those that cannot run here and those that needed a second try, and
# what failed.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Build servers that outlive the build would keep this script's output open, and whoever reads it waiting.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
configuration=${CONFIGURATION:-Debug}

# Real parts: dnsmasq as DNS, Postfix and its smtp-sink as foreign receivers, Python to read mail with other eyes, OpenDKIM
# and npm's mailauth to verify what we sign, Chromium to look at pages, npm's redocly and Kiota to read the description; PHP
# and Ruby for the pages that send from them, zsh and fish to complete what is typed; PostgreSQL. Java, Go and PowerShell are large: what
# is for them is run where they are there already. iproute2 makes machines of their own that lose each other.
declare -A package=([dnsmasq]=dnsmasq-base [smtp-sink]=postfix [python3]=python3 [sqlite3]=sqlite3
  [opendkim-testmsg]=opendkim-tools [ip]=iproute2 [node]=nodejs [npm]=npm [chromium]=chromium [php]=php-cli [ruby]=ruby [zsh]=zsh [fish]=fish)
missing=()
for tool in "${!package[@]}"; do
  PATH="$PATH:/usr/sbin:/sbin" command -v "$tool" >/dev/null || missing+=("${package[$tool]}")
done
# With which Postfix logs in as a client.
compgen -G '/usr/lib/*/sasl2/libplain.so' >/dev/null || missing+=(libsasl2-modules)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
# By which a node has another clock than its fellows.
compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || missing+=(faketime)
[ -e /usr/share/php/libphp-phpmailer/autoload.php ] || missing+=(libphp-phpmailer)
[ -e /usr/share/java/jakarta-mail.jar ] || ! command -v java >/dev/null || missing+=(libjakarta-mail-java)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "missing: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  # Postfix is wanted for its test programs only: no configuration, so nothing is started.
  echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
  # The tests start PostgreSQL themselves; its package shall not.
  mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
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
for peer in mail/mailauth lint/@redocly/cli; do
  peers=tests/Peers/${peer%%/*}
  [ -d "$peers/node_modules/${peer#*/}" ] ||
    npm ci --prefix "$peers" --ignore-scripts --no-audit --no-fund >/dev/null || exit 1
done

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
TIMEFORMAT='%0R s, CPU %0U + %0S s'

# NAME COMMAND...: its seconds are printed.
step() {
  local code
  { time "${@:2}" 2>&3; } 3>&2 2>"$logs/took"
  code=$?
  echo "$1: $(<"$logs/took")"
  return $code
}

# The build has the code style as errors already (.editorconfig); what it does not look at are blanks, ends of lines and
# files, and the order of usings. `dotnet format` would look at everything once more, which takes longer than the build.
check_format() {
  dotnet format whitespace . --folder --verify-no-changes --include src/ tests/ tools/ &&
    git ls-files -co --exclude-standard '*.cs' | xargs awk '
      FNR == 1 { last = "" }
      /^using [^(]*;$/ {   # System first, then by name; static ones and aliases after them.
        kind = /^using static / ? 2 : / = / ? 3 : 1
        name = $0; sub(/^using (static )?/, "", name); sub(/;$/, "", name)
        key = kind (kind != 3 && name ~ /^System(\.|$)/ ? "0" : "1") tolower(name)
        if (key < last) { print FILENAME ":" FNR ": usings are not in order"; found = 1 }
        last = key
      }
      END { exit found }'
}

step format check_format || { echo "run: dotnet format" >&2; exit 1; }
step restore dotnet restore AkkaMail.sln -v quiet || exit 1
dotnet tool restore >/dev/null || exit 1
step build dotnet build AkkaMail.sln -c "$configuration" --no-restore -v quiet || exit 1

# PROJECT, with more arguments for the second try: what it prints is in $logs/PROJECT, its seconds are in PROJECT.took.
tests() {
  { time dotnet test "tests/AkkaMail.$1.Tests" -c "$configuration" --no-build --blame-hang-timeout 4m \
    --blame-hang-dump-type none --logger "console;verbosity=normal" "${@:2}" >"$logs/$1" 2>&1; } 2>"$logs/$1.took"
}
count() { grep -cE "^\s+$2 " "$logs/$1"; }
finished() { grep -qE '^Test Run (Successful|Failed)' "$logs/$1"; }
report() {
  grep -vE '^\s*$|^(Test run for|VSTest|A total|Starting)' "$logs/$1"
  echo "$1: $(count "$1" Passed) passed, $(count "$1" Failed) failed, $(<"$logs/$1.took")"
}

# One project after the other; each is printed as a whole when it ends.
track() {
  local project
  for project; do
    tests "$project"
    (flock 9; report "$project") 9>"$logs/printing"
  done
}

# Every reader of what strangers write, for 30 s, by a seed that is printed: a failure names the run that fails again.
fuzz() {
  { time dotnet run --project tests/AkkaMail.Fuzz -c "$configuration" --no-build -- --seconds 30 >"$logs/fuzz" 2>&1; } \
    2>"$logs/fuzz.took"
  echo $? >"$logs/fuzz.code"
}

# End to end takes as long as all others together, and it is waiting for most of that: for retries, for other processes.
track EndToEnd &
{ track Core Storage Cli Server; fuzz; track Engine Smtp Hosting; } &
wait
cat "$logs/fuzz"
echo "fuzz: $(<"$logs/fuzz.took")"

passed=0 failed=0 skipped=() again=()
if [ "$(cat "$logs/fuzz.code")" != 0 ]; then
  failed=$((failed + 1))
  echo "fuzz failed: $(grep -m 3 -E '^FAILED|hangs' "$logs/fuzz")" >> "$logs/said"
fi
declare -A names
for project in Core Storage Cli Server Engine Smtp Hosting EndToEnd; do
  passed=$((passed + $(count "$project" Passed)))
  mapfile -t -O "${#skipped[@]}" skipped < <(sed -nE 's/^\s+Skipped ([^ (]+).*/\1/p' "$logs/$project")
  if ! finished "$project"; then
    echo "$project: the test run did not finish:"; tail -5 "$logs/$project"; failed=$((failed + 1))
  elif [ "$(count "$project" Failed)" -gt 0 ]; then
    grep -E '^\s+Failed ' -A 12 "$logs/$project" >> "$logs/said"
    # Real servers and clocks on a machine that others use as well: what fails there gets one more try, with nothing
    # beside it, and is named. What only calculates does not get better by a second look.
    case $project in
      Core|Storage|Cli|Server|Engine) failed=$((failed + $(count "$project" Failed))) ;;
      *) names[$project]=$(sed -nE 's/^\s+Failed ([^ (]+).*/\1/p' "$logs/$project" | sort -u) ;;
    esac
  fi
done
for project in "${!names[@]}"; do
  first=$(count "$project" Failed)
  mapfile -t -O "${#again[@]}" again <<< "${names[$project]}"
  tests "$project" --filter "$(sed 's/^/FullyQualifiedName=/' <<< "${names[$project]}" | paste -sd '|')"
  report "$project"
  if finished "$project" && [ "$(count "$project" Failed)" = 0 ] && [ "$(count "$project" Passed)" -ge "$first" ]; then
    passed=$((passed + first))
  else failed=$((failed + first)); grep -E '^\s+Failed ' -A 12 "$logs/$project" >> "$logs/said"; fi
done
# The last lines say all there is to know: who was not tested, and what failed at first, with what it said.
[ ${#skipped[@]} = 0 ] || echo "${#skipped[@]} skipped: ${skipped[*]##*Tests.}"
[ ${#again[@]} = 0 ] || echo "tried twice: ${again[*]##*Tests.}"
[ ! -e "$logs/said" ] || cut -c 1-300 "$logs/said" | head -80
echo "all of it took $SECONDS s"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
