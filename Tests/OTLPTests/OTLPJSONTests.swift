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
                == #"{"resource":{"openinference.project.name":"p","service.name":"app"},"scope":{"attributes":{},"name":"scope","version":"1"},"schemaUrl":"x"}"#
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
            (#"{"a": 1,}"#, .malformedJSON, 8), (#"{"a": 01}"#, .malformedJSON, 8), (#"{"a": 1.}"#, .malformedJSON, 8),
            (#"{"a": +1}"#, .malformedJSON, 8), (#"{"a": .5}"#, .malformedJSON, 8), (#"{"a": 1e}"#, .malformedJSON, 8),
            (#"{"a": "x"#, .malformedJSON, 8), (#"{"a": "\q"}"#, .malformedJSON, 9),
            (#"{"resourceSpans": {}}"#, .wrongType(field: "resourceSpans"), 18),
        ] as [(String, OTLPDecodingError.Reason, Int)])
    func malformedJSONIsToldWithItsPlace(_ text: String, _ reason: OTLPDecodingError.Reason, _ offset: Int) {
        #expect(throws: OTLPDecodingError(reason, offset: offset)) { try decode(text) }
    }

    @Test(arguments: [
        (#""name": 5"#, "name"), (#""startTimeUnixNano": "soon""#, "startTimeUnixNano"),
        (#""kind": "SPAN_KIND_ODD""#, "kind"), (#""attributes": {}"#, "attributes"),
        (#""attributes": [{"key": "a", "value": {"boolValue": "true"}}]"#, "boolValue"),
        (#""attributes": [{"key": "a", "value": {"bytesValue": "???"}}]"#, "bytesValue"),
        (#""attributes": [{"key": "a", "value": {"intValue": " 1"}}]"#, "intValue"),
        (#""attributes": [{"key": "a", "value": {"intValue": ""}}]"#, "intValue"),
        (#""attributes": [{"key": "a", "value": {"intValue": "0x10"}}]"#, "intValue"),
        (#""attributes": [{"key": "a", "value": {"doubleValue": "inf"}}]"#, "doubleValue"),
        (#""attributes": [{"key": "a", "value": {"doubleValue": "0x1p3"}}]"#, "doubleValue"),
    ])
    func aWrongTypeNamesItsField(_ field: String, _ name: String) throws {
        let error = #expect(throws: OTLPDecodingError.self) { try decode(span: "{\(Self.ids), \(field)}") }
        #expect(error?.reason == .wrongType(field: name))
    }

    /// The JSON of the one attribute that a span has.
    private func decoded(_ value: String) throws -> String {
        let batch = try decode(span: #"{\#(Self.ids), "attributes": [{"key": "a", "value": \#(value)}]}"#)
        return String(batch.text(batch.spans[0].attributes).dropFirst(5).dropLast())
    }

    @Test(
        "whole numbers are exact however they are written",
        arguments: [
            ("9007199254740993", "9007199254740993"), (#""9007199254740993""#, "9007199254740993"),
            ("9007199254740993.0", "9007199254740993"), (#""9007199254740993.000""#, "9007199254740993"),
            ("900719925474099.3e1", "9007199254740993"), ("90071992547409930e-1", "9007199254740993"), ("1e3", "1000"),
            ("1E+3", "1000"), (#""1.5e3""#, "1500"), ("-0", "0"), ("-0.0e9", "0"), ("0e999999999999999999999", "0"),
            ("100e-2", "1"), ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"), ("-9.223372036854775808e18", "-9223372036854775808"),
        ])
    func wholeNumbers(_ written: String, _ expected: String) throws {
        #expect(try decoded(#"{"intValue": \#(written)}"#) == expected)
    }

    @Test(
        "a number that its field has no room for is refused",
        arguments: [
            (#""attributes": [{"key": "a", "value": {"intValue": 9223372036854775808}}]"#, "intValue"),
            (#""attributes": [{"key": "a", "value": {"intValue": "-9223372036854775809"}}]"#, "intValue"),
            (#""attributes": [{"key": "a", "value": {"intValue": 1.5}}]"#, "intValue"),
            (#""attributes": [{"key": "a", "value": {"intValue": 1e-400}}]"#, "intValue"),
            (#""attributes": [{"key": "a", "value": {"intValue": 1e999999999999999999999}}]"#, "intValue"),
            (#""attributes": [{"key": "a", "value": {"doubleValue": 1e309}}]"#, "doubleValue"),
            (#""startTimeUnixNano": -1"#, "startTimeUnixNano"),
            (#""endTimeUnixNano": "18446744073709551616""#, "endTimeUnixNano"), (#""flags": 1.5"#, "flags"),
            (#""flags": 4294967296"#, "flags"), (#""droppedLinksCount": -1"#, "droppedLinksCount"),
            (#""kind": 2147483648"#, "kind"),
        ])
    func outOfRange(_ field: String, _ name: String) throws {
        let error = #expect(throws: OTLPDecodingError.self) { try decode(span: "{\(Self.ids), \(field)}") }
        #expect(error?.reason == .outOfRange(field: name))
    }

    @Test(
        "what is no number among doubles is null, and the others are the nearest",
        arguments: [
            (#""NaN""#, "null"), (#""Infinity""#, "null"), (#""-Infinity""#, "null"), ("1", "1.0"),
            (#""-0.25""#, "-0.25"),
            ("1e-400", "0.0"), ("9007199254740993", "9007199254740992.0"),
        ])
    func doubles(_ written: String, _ expected: String) throws {
        #expect(try decoded(#"{"doubleValue": \#(written)}"#) == expected)
    }

    @Test(
        "bytes are read in both alphabets, with and without padding",
        arguments: [("+/+/AA==", "+/+/AA=="), ("-_-_AA", "+/+/AA=="), ("-_-_AA==", "+/+/AA=="), ("", "")])
    func bytes(_ written: String, _ expected: String) throws {
        #expect(try decoded(#"{"bytesValue": "\#(written)"}"#) == #""\#(expected)""#)
    }

    @Test("enumerations may be numbers that are not known, as protobuf's may")
    func unknownEnumerations() throws {
        for number in ["99", #""99""#, "-1", "2147483647", "9.9e1"] {
            let batch = try decode(span: #"{\#(Self.ids), "kind": \#(number), "status": {"code": \#(number)}}"#)
            #expect(batch.spans[0].statusCode == .unset, "\(number)")
            #expect(batch.spans[0].otlp == nil, "\(number)")
        }
    }

    @Test("null is no value, for every field, and keeps its place in a list of values")
    func nulls() throws {
        let fields =
            "traceState,parentSpanId,name,kind,startTimeUnixNano,endTimeUnixNano,attributes,droppedAttributesCount,events,"
            + "droppedEventsCount,links,droppedLinksCount,status,flags"
        let nulls = fields.split(separator: ",").map { "\"\($0)\": null" }.joined(separator: ", ")
        let batch = try decode(span: "{\(Self.ids), \(nulls)}")
        #expect(batch.spans[0].statusCode == .unset && batch.spans[0].otlp == nil && batch.spans[0].events == nil)
        #expect(
            try decoded(#"{"stringValue": null, "arrayValue": {"values": [null, {"intValue": 1}, {}]}}"#)
                == "[null,1,null]")
        #expect(
            try decoded(#"{"kvlistValue": {"values": [null, {"key": "k", "value": {"intValue": 1}}]}}"#) == #"{"k":1}"#)
        let empty =
            #"{"resourceSpans": [null, {"resource": null, "schemaUrl": null, "scopeSpans": [{"scope": null, "spans": null}]}]}"#
        #expect(try decode(empty).spans.isEmpty)
    }

    @Test("unknown fields are passed over at any depth, and names in snake case are unknown")
    func unknownFields() throws {
        let unknown = #""x": {"traceId": [1, {"y": "]}"}, null, true, 1e5]}"#
        let batch = try decode(
            """
            {\(unknown), "resourceSpans": [{\(unknown), "resource": {\(unknown)}, "scopeSpans": [{\(unknown),
            "scope": {\(unknown)}, "spans": [{\(unknown), \(Self.ids), "trace_id": "1", "status": {\(unknown)},
            "start_time_unix_nano": "soon", "attributes": [{\(unknown), "key": "a", "value": {\(unknown), "intValue": 1}}],
            "events": [{\(unknown), "name": "e"}], "links": [{\(unknown)}]}]}]}], "resource_spans": 5}
            """)
        #expect(batch.text(batch.spans[0].attributes) == #"{"a":1}"#)
        #expect(batch.spans[0].startTime == 0)
    }

    @Test(
        "a field that comes twice in its object is refused, as by protobuf's own readers",
        arguments: [
            (#"{"resourceSpans": [], "resourceSpans": []}"#, "resourceSpans"),
            (#"{"resourceSpans": [{"resource": {}, "resource": null}]}"#, "resource"),
            (#"{"resourceSpans": [{"scopeSpans": [{"spans": [{"name": "a", "name": "a"}]}]}]}"#, "name"),
            (
                #"{"resourceSpans": [{"scopeSpans": [{"spans": [{"attributes": [{"key": "a", "value": {"intValue": 1, "intValue": 2}}]}]}]}]}"#,
                "intValue"
            ),
        ])
    func repeatedFields(_ text: String, _ field: String) {
        let error = #expect(throws: OTLPDecodingError.self) { try decode(text) }
        #expect(error?.reason == .repeatedField(field))
    }

    @Test("dropped counts and schemas are read everywhere")
    func droppedCountsAndSchemas() throws {
        let batch = try decode(
            """
            {"resourceSpans": [{"schemaUrl": "r", "resource": {"droppedAttributesCount": 1}, "scopeSpans": [{"schemaUrl": "s",
            "scope": {"droppedAttributesCount": 2}, "spans": [{\(Self.ids), "droppedAttributesCount": 3,
            "droppedEventsCount": 4, "droppedLinksCount": 5, "events": [{"droppedAttributesCount": 6}],
            "links": [{"droppedAttributesCount": 7}]}]}]}]}
            """)
        #expect(
            try json(batch.text(batch.spans[0].otlp))
                == json(
                    """
                    {"droppedAttributesCount": 3, "droppedEventsCount": 4, "droppedLinksCount": 5,
                     "events": [{"droppedAttributesCount": 6}],
                     "links": [{"traceId": "", "spanId": "", "droppedAttributesCount": 7}]}
                    """))
        #expect(
            try json(batch.text(batch.resources[0].json))
                == json(
                    """
                    {"resource": {}, "droppedAttributesCount": 1, "schemaUrl": "r", "scope":
                     {"attributes": {}, "name": "", "version": "", "droppedAttributesCount": 2, "schemaUrl": "s"}}
                    """))
    }

    @Test("half a surrogate pair becomes U+FFFD, and so does NUL")
    func textThatIsNone() throws {
        #expect(
            try decoded(#"{"stringValue": "a\ud83db\ude42\u0000\ud83d\ud83d\ude42"}"#)
                == "\"a\u{FFFD}b\u{FFFD}\u{FFFD}\u{FFFD}🙂\"")
    }

    @Test func valuesNestAsDeeplyAsInProtobuf() throws {
        let depth = 62
        let opening = String(repeating: #"{"arrayValue": {"values": ["#, count: depth)
        let value = opening + #"{"intValue": 7}"# + String(repeating: "]}}", count: depth)
        let batch = try decode(span: #"{\#(Self.ids), "attributes": [{"key": "a", "value": \#(value)}]}"#)
        let kept = String(repeating: "[", count: depth) + "7" + String(repeating: "]", count: depth)
        #expect(batch.text(batch.spans[0].attributes) == #"{"a":\#(kept)}"#)
    }

    @Test("maps nest as deeply as lists")
    func nestedMaps() throws {
        let depth = 62
        let opening = String(repeating: #"{"kvlistValue": {"values": [{"key": "k", "value": "#, count: depth)
        let value = opening + #"{"intValue": 7}"# + String(repeating: "}]}}", count: depth)
        let kept = String(repeating: #"{"k":"#, count: depth) + "7" + String(repeating: "}", count: depth)
        #expect(try decoded(value) == kept)
    }

    @Test(
        "a parent whose id is no hexadecimal text makes no root of its child", arguments: ["zz", "eee19b7ec3c1b1", "é"])
    func badParents(_ parent: String) throws {
        let batch = try decode(span: #"{\#(Self.ids), "parentSpanId": "\#(parent)"}"#)
        #expect(batch.spans.isEmpty)
        #expect(batch.rejectionReason?.hasPrefix("parent_span_id") == true)
    }

    @Test func bracketsWithoutEndAreRefused() {
        for text in [String(repeating: "[", count: 100_000), String(repeating: #"{"a":"#, count: 100_000)] {
            let error = #expect(throws: OTLPDecodingError.self) { try decode(#"{"x": "# + text) }
            #expect(error?.reason == .nestedTooDeeply)
        }
    }
}
