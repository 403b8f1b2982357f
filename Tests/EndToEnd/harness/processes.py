"""Finds processes by a mark in their environment, so that none can hide behind another parent or name."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

MARK = "END_TO_END_RUN"


def marked(mark: str) -> list[int]:
    """Process ids whose environment has our mark, zombies left out."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue  # it ended, or is not ours
    return found


def name(process_id: int) -> str:
    return Path(f"/proc/{process_id}/comm").read_text().strip()


def parent(process_id: int) -> int:
    # The name in parentheses may hold spaces; what follows it does not.
    return int(Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[1])


def resident_bytes(process_id: int, peak: bool = False) -> int:
    wanted = "VmHWM:" if peak else "VmRSS:"
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith(wanted):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(process_id)


def proportional_bytes(process_id: int) -> int:
    """What is resident, a page that several processes share counted in equal parts."""
    for line in Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(process_id)


def cpu_seconds(process_id: int) -> float:
    """User and system time of all its threads, those that ended included."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def kill_all(process_ids: list[int]) -> None:
    for process_id in process_ids:
        try:
            os.kill(process_id, signal.SIGKILL)
        except ProcessLookupError:
            continue


def wait_until(condition: Callable[[], object], seconds: float, what: str, interval: float = 0.02) -> object:
    """Returns what `condition` returns once that is true; fails, naming `what`, after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        if result := condition():
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds:g} s there was still no sign of: {what}")
        time.sleep(interval)
