"""Clients that send as fast as they can and remember what was acknowledged."""

import itertools
import threading
import time
from dataclasses import dataclass, field

import grpc
import httpx

from harness.bennu import Installation
from harness.otlp import GRPCSender, SpanMaker, post, spans_of

# What the OTLP specification lets a client send again.
RETRYABLE_STATUS = {429, 502, 503, 504}
RETRYABLE_CODES = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
}


@dataclass
class Attempt:
    """One request on its way: when it was begun, when it ended and how."""

    began: float
    ended: float
    outcome: str


@dataclass
class Ledger:
    """What all clients know; every list only grows."""

    acknowledged: set[bytes] = field(default_factory=set)
    offered: set[bytes] = field(default_factory=set)
    attempts: list[Attempt] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Load:
    """Four clients, two on each protocol, for the length of a `with` block.

    A request whose answer was lost or was a retryable refusal is sent again, as exporters do. Anything else that is not
    a success is a fault.
    """

    def __init__(self, installation: Installation, seed: int, spans_a_trace: int = 7, clients: int = 4) -> None:
        self.installation = installation
        self.ledger = Ledger()
        self._stopping = threading.Event()
        # With `retries` off a client goes on to the next request, whatever became of the last.
        self._threads = [
            threading.Thread(target=self._run, args=(seed + number, number % 2 == 0, spans_a_trace), daemon=True)
            for number in range(clients)
        ]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Lets each client finish the request that it has begun."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self, seed: int, is_grpc: bool, spans_a_trace: int) -> None:
        maker = SpanMaker(seed=seed, project="load")
        with GRPCSender(self.installation.grpc_target) as sender, httpx.Client() as client:
            send = (lambda request: _send_grpc(sender, request)) if is_grpc else (
                lambda request: _send_http(client, self.installation.collector_url, request)
            )
            for number in itertools.count():
                if self._stopping.is_set():
                    return
                session = f"session {number % 3}" if number % 2 else None
                request = maker.request(maker.trace(spans_a_trace, session=session))
                ids = [span.span_id for span in spans_of(request)]
                self.ledger.offered.update(ids)
                while True:
                    began = time.monotonic()
                    outcome = send(request)
                    self.ledger.attempts.append(Attempt(began, time.monotonic(), outcome))
                    if outcome == "acknowledged":
                        self.ledger.acknowledged.update(ids)
                        break
                    if not outcome.startswith("retryable"):
                        self.ledger.faults.append(outcome)
                        break
                    if self._stopping.is_set():
                        return
                    time.sleep(0.02)


def _send_http(client: httpx.Client, base_url: str, request) -> str:
    try:
        answer = post(base_url, request, client=client)
    except httpx.ConnectError:
        return "retryable: not connected"
    except httpx.TransportError as error:
        return f"retryable: connection lost ({type(error).__name__})"
    if answer.status_code == 200:
        return "acknowledged"
    kind = "retryable" if answer.status_code in RETRYABLE_STATUS else "fault"
    return f"{kind}: HTTP {answer.status_code} {answer.text[:200]}"


def _send_grpc(sender: GRPCSender, request) -> str:
    try:
        sender.send(request, timeout=20)
        return "acknowledged"
    except grpc.RpcError as error:
        details = error.details() or ""
        if error.code() == grpc.StatusCode.UNAVAILABLE and "failed to connect" in details.lower():
            return "retryable: not connected"
        if any(sign in details.lower() for sign in ("socket closed", "connection reset", "broken pipe")):
            return "retryable: connection lost"
        kind = "retryable" if error.code() in RETRYABLE_CODES else "fault"
        return f"{kind}: gRPC {error.code().name} {details[:200]}"
