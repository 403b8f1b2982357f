"""Offers spans for a time, at the pace that it is told: offer.py grpc|http <host:port> <clients> <seconds>

Each line of the standard input is a pace, in requests a second. Requests begin at that pace whatever became of those
before, as with a crowd of clients that know of no retry hints, as long as one of the clients is free. One thread serves them
all, so that how long an answer takes is not how long its client waits for a turn of its own. Prints one line of JSON.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ingest"))

import grpc
from corpus import Corpus
from http_sender import HTTPSender
from pace import SPANS_A_REQUEST

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
PATIENCE_SECONDS = 60

# Returns "accepted", "lost" or the refusal's code, and whether a refusal says when to try again.
Send = Callable[[bytes], Awaitable[tuple[str, bool]]]


def grpc_sender(target: str) -> Send:
    channel = grpc.aio.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)])
    call = channel.unary_unary(EXPORT)

    async def send(body: bytes) -> tuple[str, bool]:
        try:
            await call(body, timeout=PATIENCE_SECONDS)
            return "accepted", True
        except grpc.RpcError as error:
            names = {key for key, _ in error.trailing_metadata() or ()}
            return error.code().name, "grpc-status-details-bin" in names

    return send


def http_sender(target: str) -> Send:
    sender = HTTPSender(target)

    async def send(body: bytes) -> tuple[str, bool]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                status, headers = await sender.post(body)
        except (OSError, ValueError, KeyError):
            sender.close()
            return "lost", False
        return ("accepted", True) if status == 200 else (str(status), b"retry-after" in headers)

    return send


class Offer:
    """The clients of one protocol, and what they have seen."""

    def __init__(self, make: Callable[[str], Send], target: str, clients: int) -> None:
        self.corpus = Corpus(seed=random.SystemRandom().randrange(2**32))
        # Each with what it has been refused, which it sends again when its turn comes.
        self.free: deque[tuple[Send, bytes | None]] = deque((make(target), None) for _ in range(clients))
        self.pace = 0.0
        self.spans: Counter[str] = Counter()
        self.hintless = 0
        self.latencies: list[float] = []

    async def run(self, seconds: float) -> None:
        now = time.monotonic()
        end, owed = now + seconds, 0.0
        async with asyncio.TaskGroup() as group:
            while (later := time.monotonic()) < end:
                # What no client is free for is not made up for later.
                owed, now = min(owed + (later - now) * self.pace, len(self.free)), later
                while owed >= 1:
                    group.create_task(self._send(*self.free.popleft()))
                    owed -= 1
                await asyncio.sleep(0.005)

    async def _send(self, send: Send, body: bytes | None) -> None:
        body = body or self.corpus.request(SPANS_A_REQUEST, time.time_ns())
        began = time.monotonic()
        outcome, has_hint = await send(body)
        self.spans[outcome] += SPANS_A_REQUEST
        if outcome == "accepted":
            self.latencies.append(time.monotonic() - began)
        elif not has_hint and outcome != "lost":
            self.hintless += 1
        self.free.append((send, None if outcome == "accepted" else body))

    def read_pace(self) -> None:
        if line := sys.stdin.readline():
            self.pace = float(line)
        else:
            asyncio.get_running_loop().remove_reader(sys.stdin)

    def summary(self) -> dict[str, object]:
        latencies = sorted(self.latencies)
        count = len(latencies)
        return {
            "spans": dict(self.spans),
            "hintless": self.hintless,
            "p50": latencies[count // 2] if count else None,
            "p99": latencies[count * 99 // 100] if count else None,
        }


async def main() -> None:
    protocol, target, clients, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    offer = Offer({"grpc": grpc_sender, "http": http_sender}[protocol], target, clients)
    asyncio.get_running_loop().add_reader(sys.stdin, offer.read_pace)
    await offer.run(seconds)
    print(json.dumps(offer.summary()))


asyncio.run(main())
