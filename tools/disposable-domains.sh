#!/usr/bin/env bash
# Renews src/AkkaMail.Core/Hygiene/disposable_domains.txt from npm's disposable-email-domains-js (CC0 1.0), which
# follows github.com/disposable-email-domains/disposable-email-domains. The argument is a version; default: the latest.
set -euo pipefail
to=$(cd "$(dirname "$0")/../src/AkkaMail.Core/Hygiene" && pwd)
cd "$(mktemp -d)"
tgz=$(npm pack --silent "disposable-email-domains-js@${1:-latest}")
tar xzf "$tgz"
version=$(node -p 'require("./package/package.json").version')
{
  echo "# disposable-email-domains-js $version, CC0 (disposable_domains.LICENSE.txt), by tools/disposable-domains.sh"
  node -p 'require("./package/dist/dict/disposable_email_blocklist.json").sort().join("\n")'
} > "$to/disposable_domains.txt"
sed 's/[ \t]*$//' package/LICENSE > "$to/disposable_domains.LICENSE.txt"
echo "$version: $(($(wc -l < "$to/disposable_domains.txt") - 1)) domains"
