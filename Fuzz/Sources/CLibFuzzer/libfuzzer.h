#pragma once

#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own loop, as a library (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library").
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *bytes, size_t count));
