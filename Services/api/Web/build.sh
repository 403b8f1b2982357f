#!/bin/sh
# Type-checks the browser application and bundles it: build.sh <output folder> [--dev]
# The output is index.html, favicon.svg and assets/, whose names carry a hash of their content and never change meaning.
# Needs Debian's esbuild, node-typescript, node-react and node-react-dom; fetches nothing.
set -eu

if [ $# -lt 1 ]; then
  echo "usage: $0 <output folder> [--dev]" >&2
  exit 64
fi
mkdir -p "$1"
output=$(cd "$1" && pwd)
mode=${2:-}
cd "$(dirname "$0")"

NODE_PATH=${NODE_PATH:-/usr/share/nodejs}
export NODE_PATH

tsc --noEmit --project tsconfig.json

staging=$(mktemp -d "$output/.building.XXXXXX")
trap 'rm -rf "$staging"' EXIT

if [ "$mode" = --dev ]; then
  set -- --sourcemap '--define:process.env.NODE_ENV="development"'
else
  set -- --minify --legal-comments=none '--define:process.env.NODE_ENV="production"'
fi
# ES2021 and not later: what every browser of the last three years runs.
esbuild src/main.tsx src/boot.ts --bundle --jsx=automatic --target=es2021 --charset=utf8 --loader:.graphql=text --log-level=warning \
  --outdir="$staging/assets" --entry-names='[name]-[hash]' "$@"

asset() {
  (cd "$staging" && set -- $1 && [ -f "$1" ] && echo "$1")
}
sed -e "s|%BOOT_JS%|$(asset 'assets/boot-*.js')|" \
  -e "s|%MAIN_JS%|$(asset 'assets/main-*.js')|" \
  -e "s|%MAIN_CSS%|$(asset 'assets/main-*.css')|" \
  index.html >"$staging/index.html"
cp favicon.svg "$staging/favicon.svg"

# The page goes last, so that it never names an asset which is not there yet; older assets stay until then for open pages.
mkdir -p "$output/assets"
find "$output/assets" -type f -mmin +60 -delete
cp "$staging"/assets/* "$output/assets/"
cp "$staging/favicon.svg" "$output/favicon.svg"
mv "$staging/index.html" "$output/index.html"
