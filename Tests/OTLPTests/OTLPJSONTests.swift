import Domain
import Foundation
import OTLP
import Testing

@Suite struct OTLPJSONTests {
    static let rich = """
        {"resourceSpans": [{"resource": {"attributes": [
            {"key": "service.name", "value": {"stringValue": "app"}},
            {"key": "openinference.project.name", "value": {"stringValue": "p"}}], "droppedAttributesCount": 0},
          "scopeSpans": [{"scope": {"name": "scope", "version": "1", "attributes": [], "future": {"x": [1, "]"]}},
            "spans": [{"traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "eee19b7ec3c1b174",
              "parentSpanId": "eee19b7ec3c1b173", "traceState": "a=1", "flags": 257, "name": "I'm \\u00e9 \\ud83d\\ude42 span",
              "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": 1544712661000000000, "kind": 2,
              "droppedAttributesCount": 1, "unknown": null,
              "attributes": [
                {"key": "openinference.span.kind", "value": {"stringValue": "LLM"}},
                {"key": "int.text", "value": {"intValue": "-42"}}, {"key": "int.number", "value": {"intValue": 42}},
                {"key": "int.exponent", "value": {"intValue": 1e3}},
                {"key": "double", "value": {"doubleValue": 0.5}}, {"key": "nan", "value": {"doubleValue": "NaN"}},
                {"key": "bool", "value": {"boolValue": true}}, {"key": "bytes", "value": {"bytesValue": "AP8B"}},
                {"key": "url.bytes", "value": {"bytesValue": "_-8"}},
                {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "a\\nb"}, {}, {"intValue": 1}]}}},
                {"key": "map", "value": {"kvlistValue": {"values": [{"key": "k", "value": {"boolValue": false}}]}}},
                {"key": "empty", "value": {}}, {"key": "null", "value": null}],
              "events": [{"timeUnixNano": "1544712660300000000", "name": "event", "attributes":
                [{"key": "e", "value": {"stringValue": "1"}}], "droppedAttributesCount": 0}],
              "links": [{"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b175", "flags": 1}],
              "status": {"code": 2, "message": "bad"}}]}], "schemaUrl": "x"}]}
        """

    private func decode(_ text: String) throws -> SpanBatch {
        try ExportTraceRequest.decode(json: Array(text.utf8))
    }

    private func decode(span: String) throws -> SpanBatch {
        try decode(#"{"resourceSpans": [{"scopeSpans": [{"spans": [\#(span)]}]}]}"#)
    }

    private static let ids = #""traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174""#

    @Test func everyFieldIsRead() throws {
        let batch = try decode(Self.rich)
        let record = try #require(batch.spans.first)
        #expect(record.traceID.description == "5b8efff798038103d269b633813fc60c")
        #expect(record.spanID.description == "eee19b7ec3c1b174")
        #expect(record.parentID?.description == "eee19b7ec3c1b173")
        #expect(batch.text(record.name) == "I'm é 🙂 span")
        #expect(record.startTime == 1_544_712_660_000_000_000)
        #expect(record.endTime == 1_544_712_661_000_000_000)
        #expect(record.kind == .llm)
        #expect(record.statusCode == .error)
        #expect(batch.text(record.statusMessage) == "bad")
        #expect(batch.resources[0].projectName == "p")
        #expect(
            batch.text(batch.resources[0].json)
                == #"{"resource":{"openinference.project.name":"p","service.name":"app"},"scope":{"attributes":{},"name":"scope","version":"1"}}"#
        )
        #expect(
            try json(batch.text(record.attributes))
                == json(
                    """
                    {"openinference": {"span": {"kind": "LLM"}}, "int": {"text": -42, "number": 42, "exponent": 1000}, "double": 0.5,
                     "nan": null, "bool": true, "bytes": "AP8B", "url": {"bytes": "/+8="}, "list": ["a\\nb", null, 1],
                     "map": {"k": false}}
                    """))
        #expect(
            try json(batch.text(record.events))
                == json(
                    #"[{"name": "event", "timestamp": "2018-12-13T14:51:00.300000+00:00", "attributes": {"e": "1"}}]"#))
        #expect(
            try json(batch.text(record.otlp))
                == json(
                    """
                    {"kind": "SERVER", "traceState": "a=1", "flags": 257, "droppedAttributesCount": 1, "links":
                     [{"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b175", "flags": 1}]}
                    """))
    }

    @Test(arguments: [
        "{}", #"{"resourceSpans": []}"#, #"{"resourceSpans": null}"#, #" {"other": [{}], "resourceSpans": [{}]} "#,
    ])
    func emptyRequestsHaveNoSpans(_ text: String) throws {
        #expect(try decode(text).spans.isEmpty)
    }

    @Test func enumerationsMayBeNames() throws {
        let batch = try decode(
            span: #"{\#(Self.ids), "kind": "SPAN_KIND_CONSUMER", "status": {"code": "STATUS_CODE_OK"}}"#)
        #expect(batch.spans[0].statusCode == .ok)
        #expect(batch.text(batch.spans[0].otlp) == #"{"kind":"CONSUMER"}"#)
    }

    @Test func idsThatAreNotHexadecimalAreRefusedSpanBySpan() throws {
        let batch = try decode(span: #"{"traceId": "xyz", "spanId": "eee19b7ec3c1b174"}, {\#(Self.ids)}"#)
        #expect(batch.spans.count == 1)
        #expect(batch.rejectedCount == 1)
        #expect(batch.rejectionReason?.hasPrefix("trace_id") == true)
    }

    @Test(
        arguments: [
            ("", .wrongType(field: "request"), 0), ("[]", .wrongType(field: "request"), 0), ("{", .malformedJSON, 1),
            ("{} x", .malformedJSON, 3), (#"{"a" 1}"#, .malformedJSON, 5), (#"{"a": tru}"#, .wrongType(field: ""), 6),
            (#"{"a": 1,}"#, .malformedJSON, 8), (#"{"a": "x"#, .malformedJSON, 8), (#"{"a": "\q"}"#, .malformedJSON, 9),
            (#"{"resourceSpans": {}}"#, .wrongType(field: "resourceSpans"), 18),
        ] as [(String, OTLPDecodingError.Reason, Int)])
    func malformedJSONIsToldWithItsPlace(_ text: String, _ reason: OTLPDecodingError.Reason, _ offset: Int) {
        #expect(throws: OTLPDecodingError(reason, offset: offset)) { try decode(text) }
    }

    @Test(arguments: [
        (#""name": 5"#, "name"), (#""startTimeUnixNano": "soon""#, "startTimeUnixNano"),
        (#""startTimeUnixNano": -1"#, "startTimeUnixNano"),
        (#""kind": "SPAN_KIND_ODD""#, "kind"), (#""flags": 1.5"#, "flags"), (#""attributes": {}"#, "attributes"),
        (#""attributes": [{"key": "a", "value": {"boolValue": "true"}}]"#, "boolValue"),
        (#""attributes": [{"key": "a", "value": {"bytesValue": "???"}}]"#, "bytesValue"),
        (#""attributes": [{"key": "a", "value": {"intValue": 1.5}}]"#, "intValue"),
    ])
    func aWrongTypeNamesItsField(_ field: String, _ name: String) throws {
        let error = #expect(throws: OTLPDecodingError.self) { try decode(span: "{\(Self.ids), \(field)}") }
        #expect(error?.reason == .wrongType(field: name))
    }

    @Test func valuesNestAsDeeplyAsInProtobuf() throws {
        let depth = 62
        let opening = String(repeating: #"{"arrayValue": {"values": ["#, count: depth)
        let value = opening + #"{"intValue": 7}"# + String(repeating: "]}}", count: depth)
        let batch = try decode(span: #"{\#(Self.ids), "attributes": [{"key": "a", "value": \#(value)}]}"#)
        let kept = String(repeating: "[", count: depth) + "7" + String(repeating: "]", count: depth)
        #expect(batch.text(batch.spans[0].attributes) == #"{"a":\#(kept)}"#)
    }

    @Test func bracketsWithoutEndAreRefused() {
        for text in [String(repeating: "[", count: 100_000), String(repeating: #"{"a":"#, count: 100_000)] {
            let error = #expect(throws: OTLPDecodingError.self) { try decode(#"{"x": "# + text) }
            #expect(error?.reason == .nestedTooDeeply)
        }
    }
}
