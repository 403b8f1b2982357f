"""How much is offered: a multiple of what is taken."""

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable

SPANS_A_REQUEST = 210


class Pace:
    """Tells senders how many requests a second to begin: `times` as many as were accepted of late, for the length of a
    `with` block. `accepted` counts accepted requests."""

    LEAST = 100.0
    INTERVAL_SECONDS = 0.5
    # Of late means within so many intervals.
    INTERVALS = 6

    def __init__(self, senders: list[subprocess.Popen[str]], accepted: Callable[[], float], times: float) -> None:
        self.senders = senders
        self.accepted = accepted
        self.times = times
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Pace":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.thread.join()

    def _run(self) -> None:
        seen = deque([(time.monotonic(), self.accepted())], maxlen=self.INTERVALS + 1)
        self._tell(self.LEAST)
        while not self.stopping.wait(self.INTERVAL_SECONDS):
            seen.append((time.monotonic(), self.accepted()))
            (began, before), (now, after) = seen[0], seen[-1]
            self._tell(max(self.LEAST, self.times * (after - before) / (now - began)))

    def _tell(self, pace: float) -> None:
        for sender in self.senders:
            try:
                sender.stdin.write(f"{pace / len(self.senders)}\n")
                sender.stdin.flush()
            except OSError:
                # It has ended.
                continue
