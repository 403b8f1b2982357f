import Domain
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import bennu_api

@Suite("Traces and sessions over REST", .serialized)
struct TraceRoutesTests {
    private static let second: Int64 = 1_000_000_000

    /// Nine traces, three of which start at each of three times, in three sessions.
    private func store(_ api: APIFixture) async throws {
        try await api.store(
            (0..<9).flatMap { index -> [TestSpan] in
                let start = Int64(index / 3) * 10 * Self.second
                var root = TestSpan(
                    trace: UInt64(index + 1), id: UInt64(index * 10 + 1), start: start,
                    end: start + Int64(9 - index) * Self.second)
                root.session = "session \(index % 3)"
                var llm = TestSpan(
                    trace: UInt64(index + 1), id: UInt64(index * 10 + 2), parent: UInt64(index * 10 + 1),
                    start: start + 1, end: start + 2)
                (llm.kind, llm.promptTokens, llm.completionTokens) = (.llm, 10, Int64(index))
                return [root, llm]
            })
    }

    private func ids(_ numbers: [UInt64]) -> [String] {
        numbers.map { TraceID(high: 0, low: $0).description }
    }

    @Test("traces come in the order that was asked for")
    func order() async throws {
        try await withAPI { api in
            try await store(api)
            let orders: [(String, [UInt64])] = [
                ("", [9, 8, 7, 6, 5, 4, 3, 2, 1]), ("order=asc", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
                ("sort=latency_ms", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
                ("sort=latency_ms&order=asc", [9, 8, 7, 6, 5, 4, 3, 2, 1]),
            ]
            for (query, expected) in orders {
                let found = try await api.list("/v1/projects/default/traces?\(query)").compactMap {
                    $0.text("trace_id")
                }
                #expect(found == ids(expected), "\(query)")
            }
        }
    }

    @Test("all pages together have each trace once and in order, in every order", arguments: [1, 2, 4, 9])
    func paging(limit: Int) async throws {
        try await withAPI { api in
            try await store(api)
            for query in ["sort=start_time&order=desc", "order=asc", "sort=latency_ms", "sort=latency_ms&order=asc"] {
                let whole = try await api.list("/v1/projects/default/traces?\(query)").compactMap {
                    $0.text("trace_id")
                }
                let paged = try await api.allPages("/v1/projects/default/traces?\(query)&limit=\(limit)", "trace_id")
                #expect(paged == whole, "\(query)")
                #expect(whole.count == 9)
            }
        }
    }

    @Test("a time range takes its start along and leaves its end out")
    func range() async throws {
        try await withAPI { api in
            try await store(api)
            let query = "start_time=1970-01-01T00:00:10Z&end_time=1970-01-01T00:00:20Z&order=asc"
            let found = try await api.list("/v1/projects/default/traces?\(query)").compactMap { $0.text("trace_id") }
            #expect(found == ids([4, 5, 6]))
        }
    }

    @Test("a trace has its sums, and its spans only where they are asked for")
    func includeSpans() async throws {
        try await withAPI { api in
            try await store(api)
            let plain = try #require(try await api.list("/v1/projects/default/traces?limit=1").first)
            #expect(plain["spans"] is NSNull)
            #expect(plain["token_count_prompt"] as? Int == 10)
            #expect(plain["token_count_completion"] as? Int == 8)
            #expect(plain["token_count_total"] as? Int == 18)
            #expect(GlobalID(encoded: plain.text("project_id") ?? "")?.typeName == "Project")
            let full = try #require(try await api.list("/v1/projects/default/traces?limit=1&include_spans=true").first)
            let spans = try #require(full["spans"] as? [[String: Any]])
            #expect(spans.map { $0.text("span_id") } == [SpanID(81).description, SpanID(82).description])
            #expect(spans[1].text("parent_id") == SpanID(81).description)
            #expect(spans[1].text("span_kind") == "LLM")
        }
    }

    @Test("traces are found by their session, which goes by its own name or its node id, several together")
    func sessions() async throws {
        try await withAPI { api in
            try await store(api)
            let sessions = try await api.list("/v1/projects/default/sessions")
            #expect(sessions.map { $0.text("session_id") } == ["session 0", "session 1", "session 2"])
            let node = try #require(sessions[1].text("id"))
            for (query, expected) in [
                ("session_identifier=session%200", [1, 4, 7]), ("session_identifier=\(node)", [2, 5, 8]),
                ("session_identifier=\(node)&session_identifier=session+0", [1, 2, 4, 5, 7, 8]),
                ("session_identifier=none", []),
            ] as [(String, [UInt64])] {
                let found = try await api.list("/v1/projects/default/traces?order=asc&\(query)")
                #expect(found.compactMap { $0.text("trace_id") } == ids(expected), "\(query)")
            }
        }
    }

    @Test("what cannot be asked for is refused with 422")
    func badQueries() async throws {
        try await withAPI { api in
            try await store(api)
            for query in [
                "sort=name", "order=up", "limit=0", "limit=1001", "cursor=x", "include_spans=maybe", "start_time=x",
            ] {
                let response = try await api.send(.get, "/v1/projects/default/traces?\(query)")
                #expect(response.status == .unprocessableContent, "\(query)")
            }
        }
    }

    @Test("a trace is deleted by either id, and the sums follow")
    func deletion() async throws {
        try await withAPI { api in
            try await store(api)
            let id = try #require(try await api.list("/v1/projects/default/traces?order=asc").first?.text("id"))
            for identifier in [id, TraceID(high: 0, low: 5).description] {
                #expect(try await api.send(.delete, "/v1/traces/\(identifier)").status == .noContent)
                let again = try await api.send(.delete, "/v1/traces/\(identifier)")
                #expect(again.status == .notFound)
                #expect(again.text == "Trace with identifier '\(identifier)' not found")
                try await api.expectSumsAgree()
            }
            let left = try await api.list("/v1/projects/default/traces?order=asc").compactMap { $0.text("trace_id") }
            #expect(left == ids([2, 3, 4, 6, 7, 8, 9]))
        }
    }

    @Test("a session is read by its name and by its node id, with its traces in order of time")
    func session() async throws {
        try await withAPI { api in
            try await store(api)
            let node = try #require(try await api.list("/v1/projects/default/sessions").first?.text("id"))
            for identifier in [node, "session%200"] {
                let data = try await api.object(.get, "/v1/sessions/\(identifier)")["data"]
                let session = try #require(data as? [String: Any])
                #expect(session.text("id") == node)
                #expect(session["token_count_total"] as? Int == 39)
                #expect(session.text("start_time") == "1970-01-01T00:00:00.000000+00:00")
                let traces = try #require(session["traces"] as? [[String: Any]])
                #expect(traces.compactMap { $0.text("trace_id") } == ids([1, 4, 7]))
            }
            let missing = try await api.send(.get, "/v1/sessions/none")
            #expect(missing.status == .notFound)
            #expect(missing.text == "Session with identifier none not found")
        }
    }

    @Test("all pages together have each session once, in both orders", arguments: [1, 2, 3])
    func sessionPaging(limit: Int) async throws {
        try await withAPI { api in
            try await store(api)
            let path = "/v1/projects/default/sessions?limit=\(limit)"
            let names = ["session 0", "session 1", "session 2"]
            #expect(try await api.allPages(path, "session_id") == names)
            #expect(try await api.allPages("\(path)&order=desc", "session_id") == names.reversed())
        }
    }

    @Test("a page that would begin at what was deleted since is refused, and not taken for the end")
    func missingCursor() async throws {
        try await withAPI { api in
            try await store(api)
            let lists = ["/v1/projects/default/spans", "/v1/projects/default/traces"]
            var cursors: [String] = []
            for list in lists {
                let page = try await api.object(.get, list + "?limit=1")
                cursors.append(try #require(page.text("next_cursor")))
            }
            for trace in try await api.list("/v1/projects/default/traces?limit=100") {
                let id = try #require(trace.text("trace_id"))
                _ = try await api.send(.delete, "/v1/traces/\(id)")
            }
            for (list, cursor) in zip(lists, cursors) {
                let response = try await api.send(.get, list + "?cursor=\(cursor)")
                #expect(response.status == .unprocessableContent, "\(list)")
                #expect(response.text.contains("begin with the first page"))
            }
        }
    }

    @Test("a path below /v1 that is none is 404 by every method, as text")
    func unknownPaths() async throws {
        try await withAPI { api in
            for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete] {
                let response = try await api.send(method, "/v1/nothing/here", nil)
                #expect(response.status == .notFound)
                #expect(response.text == "Not Found")
            }
        }
    }
}
