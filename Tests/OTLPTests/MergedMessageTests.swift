import Domain
import OTLP
import Testing

/// What protobuf says of fields that come twice: of plain ones the last counts, and messages are merged.
@Suite("Messages that come in parts")
struct MergedMessageTests {
    @Test("the parts of a resource and of a scope are one, wherever they stand, and of what both say the later counts")
    func resourceAndScope() throws {
        let bytes = WireMessage {
            $0.message(1) { resourceSpans in
                resourceSpans.message(1) {
                    $0.attribute(1, "openinference.project.name", "first")
                    $0.attribute(1, "host", "h")
                    $0.number(2, 3)
                }
                resourceSpans.message(2) { scopeSpans in
                    scopeSpans.message(1) {
                        $0.text(1, "scope")
                        $0.attribute(3, "a", 1)
                    }
                    scopeSpans.message(2, TestSpan().message)
                    scopeSpans.message(1) {
                        $0.text(2, "1.0")
                        $0.attribute(3, "b", 2)
                    }
                    scopeSpans.message(1) { _ in }
                }
                resourceSpans.message(1) { $0.attribute(1, "openinference.project.name", "second") }
            }
        }.bytes
        let batch = try ExportTraceRequest.decode(protobuf: bytes)
        let resource = try #require(batch.resources.first)
        #expect(resource.projectName == "second")
        #expect(
            try json(batch.text(resource.json))
                == json(
                    """
                    {"resource": {"host": "h", "openinference.project.name": "second"}, "droppedAttributesCount": 3,
                     "scope": {"name": "scope", "version": "1.0", "attributes": {"a": 1, "b": 2}}}
                    """))
    }

    @Test("the parts of a status are one")
    func status() throws {
        var span = TestSpan()
        span.extra = {
            $0.message(15) {
                $0.text(2, "boom")
                $0.number(3, 1)
            }
            $0.message(15) { $0.number(3, 2) }
        }
        let (batch, record) = try decode(span)
        #expect(record.statusCode == .error)
        #expect(batch.text(record.statusMessage) == "boom")
    }

    @Test("of an attribute's value the member set last counts, and a part that sets none takes nothing away")
    func values() throws {
        var span = TestSpan()
        span.extra = {
            for (key, parts) in [("a", [1, "x", nil]), ("b", [nil, true]), ("c", ["x", nil, [2]])]
                as [(String, [TestValue])]
            {
                $0.message(9) { attribute in
                    attribute.text(1, key)
                    for part in parts { attribute.message(2, part.message) }
                }
                $0.message(9) { attribute in
                    attribute.text(1, "\(key)-one")
                    attribute.message(2) { for part in parts { $0.bytes += part.message.bytes } }
                }
            }
        }
        let (batch, record) = try decode(span)
        #expect(
            try json(batch.text(record.attributes))
                == json(#"{"a": "x", "a-one": "x", "b": true, "b-one": true, "c": [2], "c-one": [2]}"#))
    }

    @Test("a resource in very many parts takes no more room than its bytes")
    func manyParts() throws {
        let count = 100_000
        let bytes = WireMessage {
            $0.message(1) { resourceSpans in
                for _ in 0..<count { resourceSpans.message(1) { $0.number(2, 1) } }
                resourceSpans.message(2) { $0.message(2, TestSpan().message) }
            }
        }.bytes
        #expect(try ExportTraceRequest.decode(protobuf: bytes).spans.count == 1)
    }
}
