#!/usr/bin/env bash
# Renews src/AkkaMail.Server/wwwroot/vendor from npm's preact (MIT) and htm (Apache 2.0), and writes vendor.json: what each
# file is, where it comes from, its SHA-256. With two arguments, of those versions. Needs npm and node.
set -euo pipefail
cd "$(dirname "$0")/.."
into=$PWD/src/AkkaMail.Server/wwwroot/vendor work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"
entries=()

# package, path in it, name here
take() {
  cp "$1/package/$2" "$into/$3"
  # No import map is allowed by the pages' policy: what a file imports by a bare name it imports from beside it.
  sed -i 's|from"preact"|from"./preact.module.js"|' "$into/$3"
  entries+=("$1|$2|$3|$(sha256sum < "$1/package/$2" | cut -c-64)|$(sha256sum < "$into/$3" | cut -c-64)")
}

for wanted in "preact@${1:-10}" "htm@${2:-3}"; do
  name=${wanted%@*}
  mkdir "$name" && tar xzf "$(npm pack --silent "$wanted")" -C "$name"
done
rm -f "$into"/*
take preact dist/preact.module.js preact.module.js
take preact hooks/dist/hooks.module.js hooks.module.js
take preact LICENSE preact.LICENSE.txt
take htm dist/htm.module.js htm.module.js
take htm LICENSE htm.LICENSE.txt
node - "${entries[@]}" > "$into/vendor.json" <<'JS'
const files = process.argv.slice(2).map(entry => {
  const [name, path, file, original_sha256, sha256] = entry.split("|");
  const { version } = JSON.parse(require("fs").readFileSync(`${name}/package/package.json`));
  const tarball = `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`;
  const changed = sha256 === original_sha256 ? {} : { changed: "imports ./preact.module.js, not preact", original_sha256 };
  return { file, package: name, version, tarball, path, sha256, ...changed };
});
console.log(JSON.stringify(files, null, 2));
JS
