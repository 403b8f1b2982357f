import Domain
import Foundation
import TestSupport
import Testing

@testable import bennu_api

@Suite("Spans over REST", .serialized)
struct SpanRoutesTests {
    private static let second: Int64 = 1_000_000_000

    /// Four spans of two traces, of different kinds, states and attributes.
    private static var corpus: [TestSpan] {
        var root = TestSpan(trace: 1, id: 1, start: 10 * second, end: 20 * second)
        (root.name, root.kind, root.status) = ("ask", .agent, .ok)
        root.attributes = #"{"a":{"b":"text"},"n":1,"flag":true}"#
        var llm = TestSpan(trace: 1, id: 2, parent: 1, start: 11 * second, end: 12 * second)
        (llm.name, llm.kind, llm.status) = ("call", .llm, .error)
        llm.attributes = #"{"a":{"b":"1"},"n":1.5,"flag":false,"q\"uote":"x"}"#
        var tool = TestSpan(trace: 1, id: 3, parent: 1, start: 12 * second, end: 13 * second)
        (tool.name, tool.kind) = ("search", .tool)
        tool.attributes = #"{"a":{"b":1},"n":"1","long":9007199254740993}"#
        var other = TestSpan(trace: 2, id: 4, start: 30 * second, end: 31 * second)
        other.name = "other"
        return [root, llm, tool, other]
    }

    private static let filters: [(query: String, names: [String])] = [
        ("", ["other", "search", "call", "ask"]),
        ("start_time=1970-01-01T00:00:12Z", ["other", "search"]),
        ("end_time=1970-01-01T00:00:12Z", ["call", "ask"]),
        ("start_time=1970-01-01T00:00:11%2B00:00&end_time=1970-01-01T00:00:13", ["search", "call"]),
        ("trace_id=\(TraceID(high: 0, low: 2))", ["other"]),
        (
            "trace_id=\(TraceID(high: 0, low: 2))&trace_id=\(TraceID(high: 0, low: 1))",
            ["other", "search", "call", "ask"]
        ),
        ("trace_id=nonsense", []),
        ("span_id=\(SpanID(2))&span_id=\(SpanID(3))", ["search", "call"]),
        ("parent_id=null", ["other", "ask"]),
        ("parent_id=\(SpanID(1))", ["search", "call"]),
        ("parent_id=nonsense", []),
        ("name=ask&name=other", ["other", "ask"]),
        ("span_kind=LLM&span_kind=tool", ["search", "call"]),
        ("status_code=ERROR", ["call"]),
        ("status_code=ok&status_code=unset", ["other", "search", "ask"]),
        ("attribute=a.b:text", ["ask"]),
        ("attribute=a.b:1", ["search"]),
        ("attribute=a.b:%221%22", ["call"]),
        ("attribute=n:1", ["ask"]),
        ("attribute=n:1.5&attribute=flag:false", ["call"]),
        ("attribute=flag:true", ["ask"]),
        ("attribute=n:1.0", ["ask"]),
        ("attribute=long:9007199254740993", ["search"]),
        ("attribute=long:9007199254740992", []),
        ("attribute=q%22uote:x", ["call"]),
        ("attribute=missing:x", []),
        ("name=ask&status_code=ERROR", []),
    ]

    @Test("every filter finds what it says, the newest first, and filters together narrow")
    func filters() async throws {
        try await withAPI { api in
            try await api.store(Self.corpus)
            try await api.store(
                [TestSpan(trace: 9, id: 9, start: 15 * Self.second, end: 16 * Self.second)], project: "p")
            for (query, names) in Self.filters {
                let found = try await api.list("/v1/projects/default/spans?\(query)").compactMap { $0.text("name") }
                #expect(found == names, "\(query)")
            }
        }
    }

    @Test("filters that cannot be are refused with 422")
    func badFilters() async throws {
        try await withAPI { api in
            try await api.store(Self.corpus)
            let queries = [
                "limit=0", "limit=1001", "start_time=soon", "cursor=x", "attribute=nocolon", "attribute=:x",
                "attribute=a:null", "attribute=a:%5B1%5D", "attribute=a:", "attribute=..:1", "status_code=bad",
                "status_code=OK&status_code=bad", "span_kind=bad",
            ]
            for query in queries {
                let response = try await api.send(.get, "/v1/projects/default/spans?\(query)")
                #expect(response.status == .unprocessableContent, "\(query)")
                #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
            }
        }
    }

    @Test("all pages together have each span once, also where many start at the same time", arguments: [1, 3, 7, 30])
    func paging(limit: Int) async throws {
        try await withAPI { api in
            let spans = (1...29).map { (index: Int) -> TestSpan in
                TestSpan(trace: UInt64(index % 4 + 1), id: UInt64(index), start: Int64(index % 3), end: 100)
            }
            try await api.store(spans)
            for path in ["spans", "spans/otlpv1"] {
                let field = path == "spans" ? "context.span_id" : "span_id"
                let found = try await api.allPages("/v1/projects/default/\(path)?limit=\(limit)", field)
                #expect(found.count == 29)
                #expect(Set(found).count == 29)
            }
        }
    }

    @Test("a span has the fields that clients read, its attributes by flat keys")
    func shape() async throws {
        try await withAPI { api in
            try await api.store(Self.corpus)
            let span = try #require(try await api.list("/v1/projects/default/spans?name=call").first)
            #expect(GlobalID(encoded: span.text("id") ?? "")?.typeName == "Span")
            #expect(span.text("context.trace_id") == TraceID(high: 0, low: 1).description)
            #expect(span.text("context.span_id") == SpanID(2).description)
            #expect(span.text("parent_id") == SpanID(1).description)
            #expect(span.text("span_kind") == "LLM")
            #expect(span.text("status_code") == "ERROR")
            #expect(span.text("start_time") == "1970-01-01T00:00:11.000000+00:00")
            #expect(span.text("end_time") == "1970-01-01T00:00:12.000000+00:00")
            let attributes = try #require(span["attributes"] as? [String: Any])
            #expect(attributes["a.b"] as? String == "1")
            #expect(attributes["n"] as? Double == 1.5)
            #expect((span["events"] as? [Any])?.isEmpty == true)
        }
    }

    @Test(
        "as OTLP a span has its ids as hexadecimal digits, as OTLP in JSON has them, and its attributes as keys and typed values"
    )
    func otlpShape() async throws {
        try await withAPI { api in
            try await api.store(Self.corpus)
            let span = try #require(try await api.list("/v1/projects/default/spans/otlpv1?name=call").first)
            #expect(span.text("trace_id") == TraceID(high: 0, low: 1).description)
            #expect(span.text("span_id") == SpanID(2).description)
            #expect(span.text("parent_span_id") == SpanID(1).description)
            #expect((span["status"] as? [String: Any])?["code"] as? Int == 2)
            #expect("\(span["start_time_unix_nano"] ?? "")" == "11000000000")
            let attributes = try #require(span["attributes"] as? [[String: Any]])
            let values = Dictionary(uniqueKeysWithValues: attributes.map { ($0.text("key") ?? "", $0["value"]) })
            #expect(values["a.b"] as? [String: String] == ["string_value": "1"])
            #expect(values["n"] as? [String: Double] == ["double_value": 1.5])
            #expect(values["flag"] as? [String: Bool] == ["bool_value": false])
        }
    }

    @Test(
        "as OTLP a number written with a fraction is a double, also where it is whole, and a list of them is of doubles"
    )
    func otlpNumbers() async throws {
        try await withAPI { api in
            var span = TestSpan(trace: 1, id: 1, start: 0, end: 1)
            span.attributes = #"{"a":1.0,"b":1,"c":[0.5,1.0],"d":[1,2],"e":[true],"f":"1.0"}"#
            try await api.store([span])
            let text = try await api.send(.get, "/v1/projects/default/spans/otlpv1").text
            for (key, value) in [
                ("a", #"{"double_value":1.0}"#), ("b", #"{"int_value":1}"#),
                ("c", #"{"array_value":{"values":[{"double_value":0.5},{"double_value":1.0}]}}"#),
                ("d", #"{"array_value":{"values":[{"int_value":1},{"int_value":2}]}}"#),
                ("e", #"{"array_value":{"values":[{"bool_value":true}]}}"#), ("f", #"{"string_value":"1.0"}"#),
            ] {
                #expect(text.contains("{\"key\":\"\(key)\",\"value\":\(value)}"), "\(key)")
            }
        }
    }

    @Test("as OTLP a span has what was dropped, its flags and state, and times of events to the nanosecond")
    func otlpRest() async throws {
        try await withAPI { api in
            var span = TestSpan(trace: 1, id: 1, start: 0, end: 1)
            span.events = """
                [{"name":"a","timestamp":"2023-11-14T22:13:20.123456+00:00","attributes":{}},
                {"name":"b","timestamp":"2023-11-14T22:13:20.123456+00:00","attributes":{}}]
                """
            span.otlp = """
                {"kind":"CLIENT","traceState":"a=1","flags":257,"droppedAttributesCount":1,"droppedEventsCount":2,
                "droppedLinksCount":3,"links":[{"traceId":"","spanId":""}],
                "events":[{"timeUnixNano":"1700000000123456789","droppedAttributesCount":4},{}]}
                """
            try await api.store([span, TestSpan(trace: 2, id: 2, start: 2, end: 3)])
            let text = try await api.send(.get, "/v1/projects/default/spans/otlpv1?sort=id&order=asc").text
            for part in [
                #""trace_state":"a=1","flags":257,"kind":"SPAN_KIND_CLIENT""#,
                #""dropped_attributes_count":1,"events""#,
                #"{"name":"a","time_unix_nano":1700000000123456789,"attributes":[],"dropped_attributes_count":4}"#,
                #"{"name":"b","time_unix_nano":1700000000123456000,"attributes":[]}"#,
                #""dropped_events_count":2,"dropped_links_count":3"#,
                #""name":"span","kind":"SPAN_KIND_INTERNAL","start_time_unix_nano":2,"end_time_unix_nano":3,"attributes":[],"events":[],"status""#,
            ] {
                #expect(text.contains(part), "\(part)")
            }
        }
    }

    private func submission(_ spanID: String, more: String = "") -> String {
        """
        {"data":[{"name":"posted","context":{"trace_id":"0000000000000000000000000000000b","span_id":"\(spanID)"},
        "span_kind":"LLM","start_time":"2026-07-01T12:00:00+00:00","end_time":"2026-07-01T12:00:01.5Z",
        "status_code":"OK","attributes":{"llm.model_name":"m","list":[1,2],"deep":{"x":true}},
        "events":[{"name":"e","timestamp":"2026-07-01T12:00:00.5Z","attributes":{"k":"v"}}]\(more)}]}
        """
    }

    @Test("posted spans are stored by the same rules as OTLP's, and answered 202 with their count")
    func post() async throws {
        try await withAPI { api in
            _ = try await api.object(.post, "/v1/projects", #"{"name":"shop"}"#)
            let response = try await api.send(.post, "/v1/projects/shop/spans", submission("00000000000000aa"))
            #expect(response.status == .accepted)
            #expect(try response.object() as? [String: Int] == ["total_received": 1, "total_queued": 1])
            let span = try #require(try await api.list("/v1/projects/shop/spans").first)
            #expect(span.text("name") == "posted")
            #expect(span.text("span_kind") == "LLM")
            #expect(span.text("end_time") == "2026-07-01T12:00:01.500000+00:00")
            let attributes = try #require(span["attributes"] as? [String: Any])
            #expect(attributes["llm.model_name"] as? String == "m")
            #expect(attributes["openinference.span.kind"] == nil, "it is the field span_kind")
            #expect(attributes["list"] as? [Int] == [1, 2])
            #expect(attributes["deep.x"] as? Bool == true)
            let event = try #require((span["events"] as? [[String: Any]])?.first)
            #expect(event.text("name") == "e")
            #expect(event.text("attributes.k") == "v")
            try await api.expectSumsAgree()
        }
    }

    @Test("posting a span again is refused with 400, as text that is JSON, and stores nothing")
    func duplicate() async throws {
        try await withAPI { api in
            try await api.store([TestSpan(trace: 1, id: 0xAA, start: 0, end: 1)])
            let response = try await api.send(.post, "/v1/projects/default/spans", submission("00000000000000aa"))
            #expect(response.status == .badRequest)
            #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
            let detail = try response.object()
            #expect(detail.text("error") == "Request contains invalid or duplicate spans")
            #expect(detail["total_received"] as? Int == 1)
            #expect(detail["total_queued"] as? Int == 0)
            #expect(detail["total_duplicates"] as? Int == 1)
            #expect(detail["total_invalid"] as? Int == 0)
            let duplicates = try #require(detail["duplicate_spans"] as? [[String: String]])
            #expect(duplicates.map { $0["span_id"] } == ["00000000000000aa"])
            #expect(try await api.list("/v1/projects/default/spans").count == 1)
        }
    }

    @Test(
        "a posted span that is none is refused with 422 that says where",
        arguments: [
            ("00000000000000aa", "zz", ["body", "data", "0", "context", "span_id"]),
            ("\"span_kind\":\"LLM\",", "", ["body", "data", "0", "span_kind"]),
            ("\"2026-07-01T12:00:00+00:00\"", "\"2026-07-01T12:00:00\"", ["body", "data", "0", "start_time"]),
            ("\"posted\"", "1", ["body", "data", "0", "name"]),
            ("{\"data\"", "{\"date\"", ["body", "data"]),
            ("{\"data\"", "{{", ["body"]),
        ])
    func invalid(part: String, replacement: String, location: [String]) async throws {
        try await withAPI { api in
            try await api.store([TestSpan(trace: 1, id: 1, start: 0, end: 1)])
            let body = submission("00000000000000aa").replacingOccurrences(of: part, with: replacement)
            let response = try await api.send(.post, "/v1/projects/default/spans", body)
            #expect(response.status == .unprocessableContent)
            let detail = try #require(try response.object()["detail"] as? [[String: Any]])
            #expect((detail.first?["loc"] as? [Any])?.map { "\($0)" } == location)
            #expect(detail.first?.text("msg")?.isEmpty == false)
            #expect(try await api.list("/v1/projects/default/spans").count == 1)
        }
    }

    @Test("a span is deleted by either id, and the sums follow")
    func deletion() async throws {
        try await withAPI { api in
            try await api.store(Self.corpus)
            let id = try #require(try await api.list("/v1/projects/default/spans?name=ask").first?.text("id"))
            for identifier in [id, SpanID(2).description] {
                #expect(try await api.send(.delete, "/v1/spans/\(identifier)").status == .noContent)
                let again = try await api.send(.delete, "/v1/spans/\(identifier)")
                #expect(again.status == .notFound)
                #expect(again.text == "Span with identifier '\(identifier)' not found")
                try await api.expectSumsAgree()
            }
            #expect(try await api.list("/v1/projects/default/spans").map { $0.text("name") } == ["other", "search"])
            let other = try await api.send(.delete, "/v1/spans/\(GlobalID("Trace", 1))")
            #expect(other.status == .unprocessableContent)
            let detail = try #require(try other.object()["detail"] as? [[String: Any]])
            #expect(detail.first?["loc"] as? [String] == ["path", "span_identifier"])
        }
    }
}
