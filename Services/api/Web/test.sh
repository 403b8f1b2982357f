#!/bin/sh
# Runs the browser application's unit tests on node's own runner (node 18 and newer): test.sh [file…]
set -eu
cd "$(dirname "$0")"

NODE_PATH=${NODE_PATH:-/usr/share/nodejs}
export NODE_PATH

tsc --noEmit --project tsconfig.json

bundles=$(mktemp -d)
trap 'rm -rf "$bundles"' EXIT
[ $# -gt 0 ] || set -- tests/*.test.ts
esbuild "$@" --bundle --platform=node --target=node18 --format=cjs --loader:.graphql=text --log-level=warning \
  --outdir="$bundles" --out-extension:.js=.cjs --sourcemap=inline
node --enable-source-maps --test "$bundles"/*.cjs
