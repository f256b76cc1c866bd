#!/usr/bin/env bash
# Three nodes of an older build become this one, a node at a time, while mail flows: tools/rolling-upgrade.sh COMMIT
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# = 1 ] || { echo "usage: tools/rolling-upgrade.sh COMMIT" >&2; exit 2; }
older=$(git rev-parse --short=12 "$1^{commit}")
tree=$(mktemp -d)
trap 'git worktree remove --force "$tree/$older"; rm -rf "$tree"' EXIT
git worktree add --detach "$tree/$older" "$older"
dotnet build "$tree/$older/src/AkkaMail.Server" --configuration Debug --verbosity quiet
AKKAMAIL_TEST_OLDER=$tree/$older/artifacts/bin/AkkaMail.Server/debug/AkkaMail.Server.dll \
  dotnet test tests/AkkaMail.EndToEnd.Tests --filter FullyQualifiedName~RollingUpgrade --logger "console;verbosity=detailed"
