"""OTLP to the letter: what a client may send and what it is then told, byte by byte."""

import json
import math
import socket
from urllib.parse import urlsplit

import httpx
import pytest
from harness.bennu import Bennu
from harness.otlp import SpanMaker
from harness.stores import Store

PROTOBUF = "application/x-protobuf"


class Connection:
    """A TCP connection to a port of a server, over which a test says exactly what it means to."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self.socket = socket.create_connection((address.hostname, address.port), timeout=20)

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def ask(self, content_type: str, length: int) -> None:
        """Sends a head whose sender waits to be told to send the body."""
        self.socket.sendall(
            f"POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n"
            "Expect: 100-continue\r\n\r\n".encode()
        )

    def head(self) -> str:
        """The next head that comes."""
        received = b""
        while not received.endswith(b"\r\n\r\n"):
            byte = self.socket.recv(1)
            assert byte, f"the connection ended after {received!r}"
            received += byte
        return received.decode()

    def rest(self) -> bytes:
        """All that comes until the other side ends the connection."""
        received = b""
        while piece := self.socket.recv(65536):
            received += piece
        return received


def bases(bennu: Bennu) -> list[str]:
    return [bennu.collector_url, bennu.url]


def test_who_waits_is_told_to_send_the_body(bennu: Bennu, store: Store, spans: SpanMaker) -> None:
    for base in bases(bennu):
        body = spans.request(spans.trace(3)).SerializeToString()
        with Connection(base) as connection:
            for _ in range(2):
                connection.ask(PROTOBUF, len(body))
                assert connection.head() == "HTTP/1.1 100 Continue\r\n\r\n"
                connection.socket.sendall(body)
                assert connection.head().startswith("HTTP/1.1 200 OK\r\n")
    assert store.query("SELECT COUNT(*) FROM spans") == [(6,)]


def test_who_waits_in_vain_is_told_so_at_once(bennu: Bennu) -> None:
    for base in bases(bennu):
        for content_type, length, status in [("text/plain", 5, 415), (PROTOBUF, 1 << 30, 413)]:
            with Connection(base) as connection:
                connection.ask(content_type, length)
                head = connection.head()
                assert head.startswith(f"HTTP/1.1 {status} "), head
                assert "connection: close" in head.lower()
                # The connection ends without the body.
                assert connection.rest() != b""


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_told_which_there_is(bennu: Bennu, method: str) -> None:
    for base in bases(bennu):
        answer = httpx.request(method, f"{base}/v1/traces")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_spans_at_the_edges_are_stored_and_given_back(bennu: Bennu, store: Store, spans: SpanMaker) -> None:
    (span,) = spans.trace(1)
    span.name = "a\0b"
    span.start_time_unix_nano = 0
    span.end_time_unix_nano = 0
    span.trace_state = "vendor=\0"
    span.flags = 0xFFFF_FFFF
    span.dropped_attributes_count = 0xFFFF_FFFF
    span.status.message = "\0"
    event = span.events.add(name="\0", time_unix_nano=1_700_000_000_123_456_789, dropped_attributes_count=3)
    for value in ["first", "\0last"]:
        event.attributes.add(key="\0k").value.string_value = value
    for key, value in [("large", 2**63 - 1), ("small", -(2**63)), ("exact", 2**53 + 1)]:
        span.attributes.add(key=key).value.int_value = value
    for key, value in [("nan", math.nan), ("infinite", math.inf), ("tiny", 5e-324)]:
        span.attributes.add(key=key).value.double_value = value
    span.attributes.add(key="nul\0").value.string_value = "\0"
    request = spans.request([span])
    scope = request.resource_spans[0].scope_spans[0]
    scope.schema_url = "https://scope\0"
    # Only bytes can hold what is no UTF-8.
    body = request.SerializeToString().replace(b"vendor=", b"vend\xff\xfe=")
    headers = {"content-type": PROTOBUF}
    assert httpx.post(f"{bennu.url}/v1/traces", content=body, headers=headers).status_code == 200

    found = httpx.get(f"{bennu.url}/v1/projects/end to end/spans/otlpv1").json()["data"]
    assert len(found) == 1
    found = found[0]
    assert found["name"] == "a\ufffdb"
    assert (found["start_time_unix_nano"], found["end_time_unix_nano"]) == (0, 0)
    assert found["trace_state"] == "vend\ufffd\ufffd=\ufffd"
    assert (found["flags"], found["dropped_attributes_count"]) == (0xFFFF_FFFF, 0xFFFF_FFFF)
    assert found["status"]["message"] == "\ufffd"
    assert found["events"] == [
        {
            "name": "\ufffd",
            "time_unix_nano": 1_700_000_000_123_456_789,
            "attributes": [{"key": "\ufffdk", "value": {"string_value": "\ufffdlast"}}],
            "dropped_attributes_count": 3,
        }
    ]
    values = {attribute["key"]: attribute["value"] for attribute in found["attributes"]}
    assert values["large"] == {"int_value": 2**63 - 1}
    assert values["small"] == {"int_value": -(2**63)}
    assert values["exact"] == {"int_value": 2**53 + 1}
    assert values["nan"] == values["infinite"] == {}
    assert values["tiny"] == {"double_value": 5e-324}
    assert values["nul\ufffd"] == {"string_value": "\ufffd"}


def test_json_says_the_same_as_protobuf(bennu: Bennu, spans: SpanMaker) -> None:
    (span,) = spans.trace(1)
    written = {
        "traceId": span.trace_id.hex().upper(),
        "spanId": span.span_id.hex(),
        "parentSpanId": "",
        "name": "\ud800 half",
        "startTimeUnixNano": "1700000000123456789",
        "endTimeUnixNano": 1700000000123456789.0,
        "attributes": [
            {"key": "exact", "value": {"intValue": 9007199254740993}},
            {"key": "text", "value": {"intValue": "9007199254740993"}},
            {"key": "nan", "value": {"doubleValue": "NaN"}},
        ],
        "start_time_unix_nano": "unknown here",
        "events": None,
    }
    body = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [written]}]}]})
    # Python writes the number as 1.7000000001234568e+18, which it is.
    headers = {"content-type": "Application/JSON; charset=UTF-8", "x-project-name": "json"}
    answer = httpx.post(f"{bennu.url}/v1/traces", content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"], answer.text) == (200, "application/json", "{}")
    (found,) = httpx.get(f"{bennu.url}/v1/projects/json/spans/otlpv1").json()["data"]
    assert (found["trace_id"], found["span_id"]) == (span.trace_id.hex(), span.span_id.hex())
    assert found["name"] == "\ufffd half"
    assert found["start_time_unix_nano"] == 1700000000123456789
    assert found["end_time_unix_nano"] == 1700000000123456800
    values = {attribute["key"]: attribute["value"] for attribute in found["attributes"]}
    assert values["exact"] == values["text"] == {"int_value": 9007199254740993}
    too_large = body.replace("9007199254740993", "9223372036854775808")
    for wrong in ['{"resourceSpans": [], "resourceSpans": []}', too_large]:
        answer = httpx.post(f"{bennu.url}/v1/traces", content=wrong, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, 3)
