#!/bin/bash
# Runs every fuzz target, or those that are named, for SECONDS_EACH (60) on one core. What ends a target is kept in
# Tests/FuzzTests/FailCases, where the tests replay it.
set -euo pipefail
cd "$(dirname "$0")"

compiler=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
library=$(find "$compiler/lib/clang" -name 'libclang_rt.fuzzer_no_main-x86_64.a' -o -name 'libclang_rt.fuzzer_no_main-aarch64.a' | head -1)
swift build -c release -Xswiftc -g -Xswiftc -sanitize=address \
    -Xswiftc -sanitize-coverage=edge,trace-cmp,inline-8bit-counters,pc-table \
    -Xlinker "$library" -Xlinker -lstdc++

targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(otlp-protobuf otlp-json compression spool envelope)
for target in "${targets[@]}"; do
    found="../Tests/FuzzTests/FailCases/$target"
    mkdir -p ".corpus/$target" "$found"
    dictionary=()
    [ ! -f "Dictionaries/$target" ] || dictionary=(-dict="Dictionaries/$target")
    echo "== $target"
    # What was learnt in earlier runs stays in .corpus; only the seeds are kept with the sources.
    FUZZ_TARGET=$target .build/release/Fuzz ".corpus/$target" "Seeds/$target" "$found" "${dictionary[@]}" \
        -artifact_prefix="$found/" -max_total_time="${SECONDS_EACH:-60}" -max_len=16384 -rss_limit_mb=2048 \
        -timeout=5 -print_final_stats=1
done
