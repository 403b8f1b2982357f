#!/bin/sh
# Installs those of the named Debian packages that are missing: install-packages.sh <package>…
# Asks for nothing and touches nothing when all are there.
set -eu

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "This is not a Debian system: please see to it that these are installed: $*" >&2
  exit 0
fi

missing=
for package in "$@"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "These packages are missing, and there is no sudo to install them with:$missing" >&2
    exit 1
  fi
  as_root=sudo
fi
echo "Installing$missing" >&2
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# shellcheck disable=SC2086 # one word a package
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
