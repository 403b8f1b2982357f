import Domain
import Foundation
import OTLP
import Testing

@Suite struct SpanFieldTests {
    @Test func idsTimesNameAndStatusAreKept() throws {
        var span = TestSpan()
        span.traceID = Array(1...16)
        span.spanID = Array(21...28)
        span.parentID = Array(31...38)
        span.name = "chat \"x\"\u{0}"
        span.startTime = 1_700_000_000_123_456_789
        span.endTime = 1_700_000_000_223_456_789
        span.extra = {
            $0.message(15) {
                $0.text(2, "boom\u{0}")
                $0.number(3, 2)
            }
        }
        let (batch, record) = try decode(span)
        #expect(record.traceID.description == "0102030405060708090a0b0c0d0e0f10")
        #expect(record.spanID.description == "15161718191a1b1c")
        #expect(record.parentID?.description == "1f20212223242526")
        #expect(record.startTime == 1_700_000_000_123_456_789)
        #expect(record.endTime == 1_700_000_000_223_456_789)
        #expect(batch.text(record.name) == "chat \"x\"\u{FFFD}")
        #expect(batch.text(record.statusMessage) == "boom\u{FFFD}")
        #expect(record.statusCode == .error)
    }

    @Test(arguments: [(0, .unset), (1, .ok), (2, .error), (3, .unset), (77, .unset)] as [(UInt64, SpanStatusCode)])
    func statusCodesBeyondTheKnownAreUnset(_ code: UInt64, _ expected: SpanStatusCode) throws {
        var span = TestSpan()
        span.extra = { $0.message(15) { $0.number(3, code) } }
        #expect(try decode(span).record.statusCode == expected)
    }

    @Test func anEmptyOrZeroParentMeansARoot() throws {
        var span = TestSpan()
        #expect(try decode(span).record.parentID == nil)
        span.parentID = [UInt8](repeating: 0, count: 8)
        #expect(try decode(span).record.parentID == nil)
    }

    @Test func anEndBeforeTheStartBecomesTheStart() throws {
        var span = TestSpan()
        span.endTime = span.startTime - 1
        let record = try decode(span).record
        #expect(record.endTime == record.startTime)
    }

    @Test func timesBeyondTheLastAreCut() throws {
        var span = TestSpan()
        span.startTime = .max
        span.endTime = .max
        let record = try decode(span).record
        #expect(record.startTime == .max)
        #expect(record.endTime == .max)
    }

    @Test func spansWithBadIDsAreRefusedAndTheOthersKept() throws {
        var shortTrace = TestSpan()
        shortTrace.traceID = [1, 2, 3]
        var noSpanID = TestSpan()
        noSpanID.spanID = []
        var zeroTrace = TestSpan()
        zeroTrace.traceID = [UInt8](repeating: 0, count: 16)
        var zeroSpan = TestSpan()
        zeroSpan.spanID = [UInt8](repeating: 0, count: 8)
        var badParent = TestSpan()
        badParent.parentID = [1]
        let batch = try ExportTraceRequest.decode(
            protobuf: request([shortTrace, TestSpan(), noSpanID, zeroTrace, zeroSpan, badParent]))
        #expect(batch.spans.count == 1)
        #expect(batch.rejectedCount == 5)
        #expect(batch.rejectionReason == "trace_id must have 16 bytes, not 3")
    }

    @Test func eventsKeepOrderTimesAndAttributes() throws {
        var span = TestSpan()
        span.extra = {
            $0.message(11) {
                $0.fixed64(1, 1_700_000_000_123_456_789)
                $0.text(2, "first")
                $0.attribute(3, "a.b", 1)
                $0.attribute(3, "none", nil)
            }
            $0.message(11) {
                $0.text(2, "exception")
                $0.attribute(3, "exception.type", "ValueError")
                $0.attribute(3, "exception.stacktrace", "line\nline")
                $0.attribute(3, "exception.escaped", "False")
            }
            $0.message(11) {
                $0.text(2, "exception")
                $0.attribute(3, "exception.message", "why")
            }
        }
        let (batch, record) = try decode(span)
        #expect(
            try json(batch.text(record.events))
                == json(
                    """
                    [{"name": "first", "timestamp": "2023-11-14T22:13:20.123456+00:00", "attributes": {"a.b": 1}},
                     {"name": "exception", "timestamp": "1970-01-01T00:00:00.000000+00:00", "attributes":
                      {"exception.type": "ValueError", "exception.stacktrace": "line\\nline", "exception.escaped": "False",
                       "exception.message": ""}},
                     {"name": "exception", "timestamp": "1970-01-01T00:00:00.000000+00:00", "attributes":
                      {"exception.message": "why"}}]
                    """))
        #expect(try decode(TestSpan()).record.events == nil)
    }

    @Test func whatOnlyOTLPKnowsIsKeptBeside() throws {
        var span = TestSpan()
        span.extra = {
            $0.text(3, "vendor=1")
            $0.number(6, 3)
            $0.number(10, 4)
            $0.message(13) {
                $0.bytes(1, Array(1...16))
                $0.bytes(2, Array(1...8))
                $0.text(3, "state")
                $0.attribute(4, "why", "retry")
                $0.fixed32(6, 1)
            }
            $0.fixed32(16, 257)
        }
        let (batch, record) = try decode(span)
        #expect(
            try json(batch.text(record.otlp))
                == json(
                    """
                    {"kind": "CLIENT", "traceState": "vendor=1", "flags": 257, "droppedAttributesCount": 4, "links":
                     [{"traceId": "0102030405060708090a0b0c0d0e0f10", "spanId": "0102030405060708", "traceState": "state",
                       "flags": 1, "attributes": {"why": "retry"}}]}
                    """))
    }

    @Test("what was dropped, schemas, and times of events finer than a microsecond are kept")
    func countsSchemasAndNanoseconds() throws {
        var span = TestSpan()
        span.extra = {
            $0.message(11) {
                $0.fixed64(1, 1_700_000_000_123_456_789)
                $0.number(4, 2)
            }
            $0.message(11) { $0.fixed64(1, 1_700_000_000_123_456_000) }
            $0.number(12, 5)
            $0.message(13) {
                $0.number(5, 6)
                // As a 32-bit number whose upper half was filled up.
                $0.number(5, 7 | 0xFFFF_FFFF_0000_0000)
            }
            $0.number(14, 8)
        }
        let bytes = WireMessage {
            $0.message(1) { resourceSpans in
                resourceSpans.message(1) { $0.number(2, 9) }
                resourceSpans.message(2) { scopeSpans in
                    scopeSpans.message(2, span.message)
                    scopeSpans.message(1) { $0.number(4, 10) }
                    scopeSpans.text(3, "https://scope")
                }
                resourceSpans.text(3, "https://resource")
            }
        }.bytes
        let batch = try ExportTraceRequest.decode(protobuf: bytes)
        #expect(
            try json(batch.text(batch.spans[0].otlp))
                == json(
                    """
                    {"droppedEventsCount": 5, "droppedLinksCount": 8, "links":
                     [{"traceId": "", "spanId": "", "droppedAttributesCount": 7}], "events":
                     [{"timeUnixNano": "1700000000123456789", "droppedAttributesCount": 2}, {}]}
                    """))
        #expect(
            try #require(batch.text(batch.spans[0].events)).contains(
                #""timestamp":"2023-11-14T22:13:20.123456+00:00","attributes":{}"#))
        #expect(
            batch.text(batch.resources[0].json)
                == #"{"resource":{},"scope":{"attributes":{},"name":"","version":"","droppedAttributesCount":10,"schemaUrl":"https://scope"},"droppedAttributesCount":9,"schemaUrl":"https://resource"}"#
        )
    }

    @Test func nothingIsKeptBesideWhereAllIsAtItsDefault() throws {
        var span = TestSpan()
        span.extra = { $0.number(6, 1) }
        #expect(try decode(span).record.otlp == nil)
    }

    @Test func resourcesAreWrittenTheSameHoweverTheyAreOrdered() throws {
        let first = try ExportTraceRequest.decode(
            protobuf: request([TestSpan()], resource: ["b": 2, "a": 1, "openinference.project.name": " p "]) {
                $0.text(2, "1.0")
                $0.text(1, "scope")
                $0.attribute(3, "k", "v")
            })
        let second = try ExportTraceRequest.decode(
            protobuf: request([TestSpan()], resource: ["openinference.project.name": " p ", "b": 7, "a": 1, "b": 2]) {
                $0.attribute(3, "k", "v")
                $0.text(1, "scope")
                $0.text(2, "1.0")
            })
        let json = first.text(first.resources[0].json)
        #expect(
            json
                == #"{"resource":{"a":1,"b":2,"openinference.project.name":" p "},"scope":{"attributes":{"k":"v"},"name":"scope","version":"1.0"}}"#
        )
        #expect(second.text(second.resources[0].json) == json)
        #expect(first.resources[0].projectName == "p")
    }

    @Test(
        arguments: [("", nil), ("  ", nil), (nil, nil), (12, "12"), (true, nil), ("é", "é")] as [(TestValue, String?)])
    func theProjectIsTheResourcesTrimmedText(_ value: TestValue, _ expected: String?) throws {
        let batch = try ExportTraceRequest.decode(
            protobuf: request([TestSpan()], resource: ["openinference.project.name": value]))
        #expect(batch.resources[0].projectName == expected)
    }

    @Test func spansPointToTheirResourceWhereverItStands() throws {
        let bytes = WireMessage {
            for name in ["one", "one", "two"] {
                $0.message(1) { resourceSpans in
                    resourceSpans.message(2) { scopeSpans in
                        scopeSpans.message(2, TestSpan().message)
                        scopeSpans.message(1) { $0.text(1, "scope") }
                    }
                    resourceSpans.message(2) { _ in }
                    resourceSpans.message(1) { $0.attribute(1, "openinference.project.name", .text(name)) }
                }
            }
        }.bytes
        let batch = try ExportTraceRequest.decode(protobuf: bytes)
        #expect(batch.spans.map(\.resource) == [0, 0, 1])
        #expect(batch.resources.map(\.projectName) == ["one", "two"])
        #expect(batch.text(batch.resources[1].json).contains(#""name":"scope""#))
    }

    @Test func emptyRequestsHaveNoSpans() throws {
        #expect(try ExportTraceRequest.decode(protobuf: []).spans.isEmpty)
        #expect(try ExportTraceRequest.decode(protobuf: request([])).resources.isEmpty)
    }

    @Test func unknownFieldsOfEveryTypeArePassedOver() throws {
        var span = TestSpan(["a": 1])
        span.extra = {
            $0.number(100, .max)
            $0.fixed32(101, 1)
            $0.fixed64(102, 1)
            $0.text(103, "x")
            // A group of field 104 with a number in it, and a known field with another type of value.
            $0.bytes += [0xC3, 0x06, 0x08, 0x01, 0xC4, 0x06]
            $0.number(5, 1)
        }
        let (batch, record) = try decode(span)
        #expect(batch.text(record.name) == "span")
        #expect(batch.text(record.attributes) == #"{"a":1}"#)
    }

    @Test func aResourceRepeatedUnderManyScopesCannotGrowWithoutBound() throws {
        let text = TestValue.text(String(repeating: "x", count: 100_000))
        let bytes = WireMessage {
            $0.message(1) { resourceSpans in
                resourceSpans.message(1) { $0.attribute(1, "large", text) }
                for index in 0..<1000 {
                    resourceSpans.message(2) { scopeSpans in
                        scopeSpans.message(1) { $0.text(1, "scope \(index)") }
                        scopeSpans.message(2, TestSpan().message)
                    }
                }
            }
        }.bytes
        let error = #expect(throws: OTLPDecodingError.self) { try ExportTraceRequest.decode(protobuf: bytes) }
        #expect(error?.reason == .tooLarge)
    }

    @Test(arguments: [11, 13] as [UInt64])
    func manyEmptyEventsOrLinksCannotGrowWithoutBound(_ field: UInt64) throws {
        func request(_ count: Int) -> [UInt8] {
            var span = TestSpan().message
            for _ in 0..<count { span.message(field) { _ in } }
            return WireMessage { $0.message(1) { $0.message(2) { $0.message(2, span) } } }.bytes
        }
        #expect(try ExportTraceRequest.decode(protobuf: request(1000)).spans.count == 1)
        let error = #expect(throws: OTLPDecodingError.self) {
            try ExportTraceRequest.decode(protobuf: request(300_000))
        }
        #expect(error?.reason == .tooLarge)
    }

    @Test func manyAttributesOfOneSpanCannotGrowWithoutBound() throws {
        var span = TestSpan().message
        for _ in 0..<300_000 { span.attribute(9, "", .integer(1)) }
        let bytes = WireMessage { $0.message(1) { $0.message(2) { $0.message(2, span) } } }.bytes
        let error = #expect(throws: OTLPDecodingError.self) { try ExportTraceRequest.decode(protobuf: bytes) }
        #expect(error?.reason == .tooLarge)
    }

    @Test func aRequestsProjectIsKeptLikeAResources() {
        #expect(ExportTraceRequest.projectName("  shop ") == "shop")
        #expect(ExportTraceRequest.projectName(" ") == nil)
        #expect(ExportTraceRequest.projectName(String(repeating: "é", count: 1000))?.utf8.count == 1024)
        #expect(ExportTraceRequest.projectName("a\u{0}b") == "a\u{FFFD}b")
    }
}
