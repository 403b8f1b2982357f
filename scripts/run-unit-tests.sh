#!/usr/bin/env bash
# Runs the unit tests that are built, and says at the end which failed and why: the failures stand somewhere in
# thousands of lines, and who reads a long log reads its end.
set -uo pipefail

# All at once they would hold more files open than many machines allow, and keep each other waiting.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=${SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH:-16}

log=$(mktemp)
trap 'rm -f "$log"' EXIT

swift test --skip-build 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
  printf '\nWhat failed:\n'
  grep -a -A 4 -E '^✘ Test .* recorded an issue|error: |Fatal error' "$log" | cut -c 1-600 | tail -n 120
fi
exit "$status"
