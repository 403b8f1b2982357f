"""A client of OTLP over HTTP of which one thread can serve hundreds."""

import asyncio
import socket


class HTTPSender:
    """One connection, opened anew when the server has closed it."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._connection: socket.socket | None = None

    async def post(self, body: bytes) -> tuple[int, dict[bytes, bytes]]:
        """Sends a request in protobuf; returns the status and the answer's headers, in lower case. After an error the
        connection must be closed."""
        loop, connection = asyncio.get_running_loop(), await self._open()
        head = (
            f"POST /v1/traces HTTP/1.1\r\nHost: {self._target}\r\nContent-Type: application/x-protobuf\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        await loop.sock_sendall(connection, head.encode())
        await loop.sock_sendall(connection, body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += await self._read(connection)
        head, _, rest = answer.partition(b"\r\n\r\n")
        first, *fields = head.lower().split(b"\r\n")
        headers = dict(field.split(b": ", 1) for field in fields)
        missing = int(headers[b"content-length"]) - len(rest)
        while missing > 0:
            missing -= len(await self._read(connection))
        if headers.get(b"connection") == b"close":
            self.close()
        return int(first.split(b" ")[1]), headers

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    async def _open(self) -> socket.socket:
        if self._connection is None:
            host, port = self._target.rsplit(":", 1)
            self._connection = socket.socket()
            self._connection.setblocking(False)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.get_running_loop().sock_connect(self._connection, (host, int(port)))
        return self._connection

    async def _read(self, connection: socket.socket) -> bytes:
        piece = await asyncio.get_running_loop().sock_recv(connection, 1 << 16)
        if not piece:
            raise ConnectionError("the connection was closed")
        return piece
