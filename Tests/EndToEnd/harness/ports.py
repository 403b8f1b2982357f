"""Ports of loopback for servers that are about to start."""

import socket


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now. They are held together while they are chosen, so they differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def is_open(port: int) -> bool:
    with socket.socket() as each:
        each.settimeout(1)
        return each.connect_ex(("127.0.0.1", port)) == 0
