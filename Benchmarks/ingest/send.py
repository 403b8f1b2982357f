"""Sends a corpus as fast as the server takes it: send.py grpc|http <host:port>[,…] <clients> <corpus>

It is a process of its own, so that what sending costs can be told from the rest. Each client has one of the servers, and
waits for an answer before it sends its next request. Prints one line of JSON.
"""

import itertools
import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import grpc
from corpus import read
from http_client import HTTPClient

EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


def grpc_client(target: str) -> Callable[[bytes], None]:
    # A connection of its own for each client, and bytes that go out as they are.
    channel = grpc.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)])
    call = channel.unary_unary(EXPORT, request_serializer=None, response_deserializer=None)

    def send(body: bytes) -> None:
        call(body, timeout=60)

    return send


def http_client(target: str) -> Callable[[bytes], None]:
    client = HTTPClient(target)

    def send(body: bytes) -> None:
        status, _ = client.post(body)
        if status != 200:
            raise ConnectionError(str(status))

    return send


def main() -> None:
    protocol, targets, clients, path = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3]), Path(sys.argv[4])
    make = {"grpc": grpc_client, "http": http_client}[protocol]
    requests = read(path)
    turn = itertools.count()
    latencies: list[float] = []
    refusals: list[str] = []

    def run(send: Callable[[bytes], None]) -> None:
        while (number := next(turn)) < len(requests):
            body = requests[number][1]
            for attempt in range(100):
                began = time.perf_counter()
                try:
                    send(body)
                    latencies.append(time.perf_counter() - began)
                    break
                except (grpc.RpcError, ConnectionError) as error:
                    refusals.append(str(error)[:200])
                    time.sleep(0.05)
            else:
                raise SystemExit(f"given up: {refusals[-1]}")

    threads = [threading.Thread(target=run, args=(make(targets[number % len(targets)]),)) for number in range(clients)]
    spent_before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    spent = resource.getrusage(resource.RUSAGE_SELF)
    latencies.sort()
    print(
        json.dumps({
            "spans": sum(count for count, _ in requests),
            "bytes": sum(len(body) for _, body in requests),
            "seconds": seconds,
            "refusals": len(refusals),
            "p50": latencies[len(latencies) // 2],
            "p99": latencies[len(latencies) * 99 // 100],
            "sender_cpu": spent.ru_utime + spent.ru_stime - spent_before.ru_utime - spent_before.ru_stime,
        })
    )


main()
