"""A client of OTLP over HTTP that costs as little as Python can: what is measured shares the machine with it."""

import socket


class HTTPClient:
    """One connection, opened anew when the server has closed it."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._connection: socket.socket | None = None

    def post(self, body: bytes) -> tuple[int, set[bytes]]:
        """Sends a request in protobuf; returns the status and the names of the answer's headers, in lower case. Raises
        `ConnectionError` where no answer comes."""
        try:
            connection = self._open()
            connection.sendall(
                f"POST /v1/traces HTTP/1.1\r\nHost: {self._target}\r\nContent-Type: application/x-protobuf\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
            )
            connection.sendall(body)
            return self._answer()
        except (OSError, ValueError, IndexError) as error:
            self.close()
            raise ConnectionError(str(error)) from error

    def close(self) -> None:
        if self._connection:
            self._answers.close()
            self._connection.close()
        self._connection = None

    def _open(self) -> socket.socket:
        if self._connection is None:
            host, port = self._target.rsplit(":", 1)
            self._connection = socket.create_connection((host, int(port)), timeout=60)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._answers = self._connection.makefile("rb")
        return self._connection

    def _answer(self) -> tuple[int, set[bytes]]:
        status = int(self._answers.readline().split(b" ", 2)[1])
        names, length, closes = set(), 0, False
        while (line := self._answers.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            names.add(name := name.lower())
            if name == b"content-length":
                length = int(value)
            closes = closes or (name == b"connection" and value.strip().lower() == b"close")
        self._answers.read(length)
        if closes:
            self.close()
        return status, names
