import Domain
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import bennu_api

@Suite(.serialized) struct SpanQueryTests {
    /// A table as a client makes it of the answer: its columns' names in order, those of the index first, and its rows.
    private struct Table {
        var names: [String]
        var rows: [[Any]]

        init(_ part: [String: Any]) throws {
            let schema = try #require(part["schema"] as? [String: Any])
            let keys = try #require(schema["fields"] as? [[String: Any]]).compactMap { $0.text("name") }
            names = keys.map { String($0.split(separator: "_", maxSplits: 1)[1]) }
            rows = try #require(part["data"] as? [[String: Any]]).map { row in keys.map { row[$0] ?? NSNull() } }
        }

        func column(_ name: String) throws -> [Any] {
            let index = try #require(names.firstIndex(of: name))
            return rows.map { $0[index] }
        }

        func texts(_ name: String) throws -> [String?] { try column(name).map { $0 as? String } }
    }

    private func query(_ api: APIFixture, _ query: String) async throws -> Table {
        let response = try await api.send(.post, "/v1/spans", "{\"queries\":[ \(query) ], \"limit\": 100}")
        #expect(response.status == .ok, "\(query): \(response.text)")
        let type = try #require(response.headers[.contentType])
        let boundary = try #require(type.split(separator: "boundary=").last)
        let part = try #require(response.text.components(separatedBy: "--\(boundary)").dropFirst().first)
        let json = try #require(part.components(separatedBy: "\r\n\r\n").last)
        return try Table(try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]))
    }

    private func span(_ trace: UInt64, _ id: UInt64, at start: Int64, _ attributes: String = "{}") -> TestSpan {
        var span = TestSpan(trace: trace, id: id, start: start, end: start + 1_000_000)
        span.name = "span \(id)"
        span.attributes = attributes
        return span
    }

    private static let documents = """
        {"retrieval":{"documents":[{"document":{"content":"first","score":1.0,"metadata":{"page":{"number":3}}}},
        {"document":{"content":"second","id":"d2"}}]}}
        """.replacing("\n", with: "")

    @Test func `Columns come in the order in which they were asked for, whatever they are called`() async throws {
        try await withAPI { api in
            try await api.store([span(1, 1, at: 5, Self.documents)])
            let table = try await query(
                api,
                """
                {"concat": {"key": "retrieval.documents", "kwargs": {"z": "document.content", "y": "document.id"}},
                 "explode":
                    {"key": "retrieval.documents", "kwargs": {"d": "document.score", "c": "document.content"}},
                 "select": {"name": {"key": "name"}, "latency_ms": {"key": "latency_ms"}, "b": {"key": "span_id"},
                    "attributes['a']": {"key": "attributes['a']"}}}
                """)
            #expect(
                table.names == [
                    "context.span_id", "document_position", "name", "latency_ms", "b", "attributes['a']", "z", "y", "d",
                    "c",
                ])
        }
    }

    @Test func `Ids go by their long names, and what is asked for beside the index of that name is there`() async throws
    {
        try await withAPI { api in
            try await api.store([span(1, 1, at: 5)])
            for (asked, names) in [
                // As the client writes select("context.trace_id") and select("trace_id").
                (#"{"trace_id":{"key":"trace_id"}}"#, ["context.trace_id"]),
                (#"{"context.trace_id":{"key":"context.trace_id"}}"#, ["context.trace_id"]),
                (#"{"span_id":{"key":"span_id"}}"#, ["context.span_id"]),
                (#"{"context.span_id":{"key":"context.span_id"}}"#, []),
            ] {
                let table = try await query(api, "{\"select\":\(asked)}")
                #expect(table.names == ["context.span_id"] + names, "\(asked)")
                #expect(table.rows.first?.last as? String == (asked.contains("trace") ? trace(1) : spanID(1)))
            }
        }
    }

    @Test func `Selected rows come trace by trace, the newest first, and within a trace as it happened`() async throws {
        try await withAPI { api in
            try await api.store([
                span(1, 1, at: 10), span(1, 2, at: 20), span(2, 3, at: 15), span(2, 4, at: 25), span(1, 5, at: 20),
            ])
            let selected = try await query(api, #"{"select":{"name":{"key":"name"}}}"#)
            #expect(try selected.texts("name") == ["span 3", "span 4", "span 1", "span 2", "span 5"])
            let whole = try await query(api, "{}")
            #expect(try whole.texts("name") == ["span 4", "span 5", "span 2", "span 3", "span 1"])
        }
    }

    @Test func `An exploded list without names has a column for each key of its elements`() async throws {
        try await withAPI { api in
            let plain = #"{"tags":["a","b"],"retrieval":{"documents":[]}}"#
            try await api.store([span(1, 1, at: 5, Self.documents), span(1, 2, at: 6, plain), span(1, 3, at: 7)])
            let table = try await query(api, #"{"explode":{"key":"retrieval.documents"}}"#)
            #expect(
                table.names == [
                    "context.span_id", "document_position", "document.content", "document.metadata.page.number",
                    "document.score", "document.id",
                ])
            #expect(try table.texts("document.content") == ["first", "second"])
            #expect(try table.texts("document.id") == [nil, "d2"])
            #expect(try table.column("document.metadata.page.number").first as? Int == 3)
            let tags = try await query(api, #"{"explode":{"key":"tags"}}"#)
            #expect(tags.names == ["context.span_id", "position", "tags"])
            #expect(try tags.texts("tags") == ["a", "b"])
        }
    }

    @Test func `Spans without the list are left out of joined lists, and a part that no element has is missing`()
        async throws
    {
        try await withAPI { api in
            try await api.store([span(1, 1, at: 5, Self.documents), span(1, 2, at: 6)])
            let table = try await query(
                api,
                """
                {"select": {"name": {"key": "name"}}, "concat": {"key": "retrieval.documents", "separator": "|",
                    "kwargs": {"text": "document.content", "score": "document.score", "none": "document.none"}}}
                """)
            #expect(try table.texts("name") == ["span 1"])
            #expect(try table.texts("text") == ["first|second"])
            #expect(try table.texts("score") == ["1.0"])
            #expect(try table.texts("none") == [nil])
        }
    }

    @Test func `Events that are selected are missing where there are none, and an empty list among whole spans`()
        async throws
    {
        try await withAPI { api in
            try await api.store([span(1, 1, at: 5)])
            let selected = try await query(api, #"{"select":{"events":{"key":"events"}}}"#)
            #expect(try selected.column("events").first is NSNull)
            let whole = try await query(api, "{}")
            #expect((try whole.column("events").first as? [Any])?.isEmpty == true)
        }
    }

    @Test func `Whole spans name what OpenInference names, in lists too, and leave the rest as it is`() async throws {
        let message = """
            {"message":{"role":"user","finish_reason":"stop",
            "contents":[{"message_content":{"type":"image","image":{"image":{"url":"u"}}}}],
            "tool_calls":[{"tool_call":{"function":{"name":"f"},"other":1}}]}}
            """.replacing("\n", with: "")
        let attributes = """
            {"llm":{"input_messages":[\(message)],"token_count":{"prompt_details":{"audio":1,"mine":2},"mine":3},
            "tools":[{"tool":{"json_schema":"{}"}}]},"metadata":{"user":{"id":"kept"}},
            "retrieval":{"documents":[{"document":{"content":"only","metadata":{"document":{"id":"kept"}}}}]},
            "user":{"id":"ann","tier":"gold"},"own":{"empty":{},"list":[{"user":{"id":"ben"}}]}}
            """.replacing("\n", with: "")
        let expected = [
            "llm": #"{"token_count":{"mine":3}}"#,
            "llm.input_messages": """
            [{"message":{"finish_reason":"stop"},"message.contents":[{"message_content.image":{"image.url":"u"},\
            "message_content.type":"image"}],"message.role":"user",\
            "message.tool_calls":[{"tool_call":{"other":1},"tool_call.function.name":"f"}]}]
            """,
            "llm.token_count.prompt_details": #"{"mine":2}"#, "llm.token_count.prompt_details.audio": "1",
            "llm.tools": #"[{"tool.json_schema":"{}"}]"#, "metadata": #"{"user":{"id":"kept"}}"#,
            "own": #"{"empty":{},"list":[{"user.id":"ben"}]}"#,
            "retrieval.documents": #"[{"document.content":"only","document.metadata":{"document":{"id":"kept"}}}]"#,
            "user": #"{"tier":"gold"}"#, "user.id": #""ann""#,
        ]
        try await withAPI { api in
            try await api.store([span(1, 1, at: 5, attributes)])
            let table = try await query(api, "{}")
            let names = table.names.filter { $0.hasPrefix("attributes.") && !$0.contains("openinference") }
            #expect(Set(names) == Set(expected.keys.map { "attributes.\($0)" }))
            for (name, value) in expected {
                let found = try JSONSerialization.data(
                    withJSONObject: try #require(try table.column("attributes.\(name)").first),
                    options: [.sortedKeys, .fragmentsAllowed])
                #expect(String(decoding: found, as: UTF8.self) == value, "\(name)")
            }
            let nested = try await query(api, #"{"select":{"m":{"key":"llm.input_messages"}}}"#)
            let messages = try #require(try nested.column("m").first as? [[String: Any]])
            #expect(messages.first?.text("message.role") == "user")
        }
    }

    private func trace(_ number: UInt64) -> String { TraceID(high: 0, low: number).description }
    private func spanID(_ number: UInt64) -> String { SpanID(number).description }
}
