"""Starts the real executables on free ports and looks at them from outside."""

import os

# Before gRPC is imported: its handlers of fork() crash, now and then, what is started for another user while calls are made.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
