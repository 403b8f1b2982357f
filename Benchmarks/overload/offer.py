"""Offers spans for a time, as fast as it can, whatever is answered: offer.py grpc|http <host:port> <clients> <seconds>

No client waits after a refusal, as a crowd of clients that know of no retry hints would not. Prints one line of JSON.
"""

import json
import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ingest"))

import grpc
from corpus import Corpus
from http_client import HTTPClient

SPANS_A_REQUEST = 210
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


class Offer:
    """What all clients have seen."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.spans: Counter[str] = Counter()
        self.hintless = 0
        self.latencies: list[float] = []

    def add(self, outcome: str, has_hint: bool, seconds: float, count: int) -> None:
        with self.lock:
            self.spans[outcome] += count
            if outcome == "accepted":
                self.latencies.append(seconds)
            elif not has_hint and outcome != "lost":
                self.hintless += 1


def grpc_sender(target: str):
    channel = grpc.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)])
    call = channel.unary_unary(EXPORT, request_serializer=None, response_deserializer=None)

    def send(body: bytes) -> tuple[str, bool]:
        try:
            call(body, timeout=60)
            return "accepted", True
        except grpc.RpcError as error:
            names = {key for key, _ in error.trailing_metadata() or ()}
            return error.code().name, "grpc-status-details-bin" in names

    return send


def http_sender(target: str):
    client = HTTPClient(target)

    def send(body: bytes) -> tuple[str, bool]:
        try:
            status, headers = client.post(body)
        except ConnectionError:
            return "lost", False
        if status == 200:
            return "accepted", True
        return str(status), b"retry-after" in headers

    return send


def main() -> None:
    protocol, target, clients, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    make = {"grpc": grpc_sender, "http": http_sender}[protocol]
    offer, end = Offer(), time.monotonic() + seconds
    making = threading.Lock()
    corpus = Corpus(seed=random.SystemRandom().randrange(2**32))

    def run() -> None:
        send, body = make(target), None
        while time.monotonic() < end:
            if body is None:
                with making:
                    body = corpus.request(SPANS_A_REQUEST, time.time_ns())
            began = time.monotonic()
            outcome, has_hint = send(body)
            offer.add(outcome, has_hint, time.monotonic() - began, SPANS_A_REQUEST)
            if outcome == "accepted":
                body = None

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    offer.latencies.sort()
    count = len(offer.latencies)
    print(json.dumps({
        "spans": dict(offer.spans),
        "hintless": offer.hintless,
        "p50": offer.latencies[count // 2] if count else None,
        "p99": offer.latencies[count * 99 // 100] if count else None,
    }))


main()
