#!/bin/sh
# Makes the virtual environment of the end-to-end tests and benchmarks: make-python.sh <folder> <requirements.txt>
# It is made anew when the requirements have changed.
set -eu
folder=$1
requirements=$2

if [ -f "$folder/requirements.txt" ] && cmp -s "$requirements" "$folder/requirements.txt"; then
  exit 0
fi
rm -rf "$folder"
if command -v uv >/dev/null 2>&1; then
  uv venv --quiet "$folder"
  uv pip install --quiet --python "$folder/bin/python" --requirement "$requirements"
else
  python3 -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
fi
cp "$requirements" "$folder/requirements.txt"
