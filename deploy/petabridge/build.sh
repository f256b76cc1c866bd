#!/usr/bin/env bash
# Builds the extension into artifacts/petabridge; what is given goes to the restore, as --source DIRECTORY.
# Another version of the packages: PetabridgeCmd=1.4.4 ./build.sh. Where its packages are not served it says "skipped" and is content.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if ! said=$(dotnet restore AkkaMail.Petabridge.csproj "$@" 2>&1); then
  if [[ $said =~ NU110[123].*Petabridge\.Cmd ]]; then
    sources=$(grep -oP "(?<=source\(s\): ).*?(?=( \[|$))" <<<"$said" | head -n 1)
    echo "skipped: Petabridge.Cmd.Host cannot be restored from ${sources:-the sources of this machine}"
    exit 0
  fi
  echo "$said" >&2
  exit 1
fi
out=$(cd ../.. && pwd)/artifacts/petabridge
dotnet publish AkkaMail.Petabridge.csproj -c Release --no-restore -o "$out" || exit 1
echo "built: AkkaMail__Extensions=$out/AkkaMail.Petabridge.dll"
