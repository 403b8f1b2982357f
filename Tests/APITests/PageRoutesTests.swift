import Domain
import Foundation
import TestSupport
import Testing

@testable import bennu_api

@Suite("Pages' own routes", .serialized)
struct PageRoutesTests {
    private static let second: Int64 = 1_000_000_000

    private func store(_ api: APIFixture, at base: Int64 = 0) async throws {
        try await api.store(
            (0..<7).map { index in
                var span = TestSpan(
                    trace: UInt64(index + 1), id: UInt64(index + 1), start: base + Int64(index / 2) * Self.second,
                    end: base + Int64(index + 2) * Self.second)
                (span.name, span.input, span.session) = ("Span \(index)", "50% of \(index)", "s\(index % 3)")
                span.status = index == 0 ? .error : .ok
                return span
            })
    }

    @Test("the list of projects has their sums")
    func projects() async throws {
        try await withAPI { api in
            try await store(api)
            let project = try #require(try await api.list("/bennu/v1/projects").first { $0.text("name") == "default" })
            #expect(project["traceCount"] as? Int == 7)
            #expect(project["spanCount"] as? Int == 7)
            #expect(project["errorCount"] as? Int == 1)
            #expect(project.text("lastSpanTime") == "1970-01-01T00:00:03.000000Z")
            let p50 = try #require(project["latencyMsP50"] as? Double)
            #expect(abs(p50 - 4000) < 1000)
            let id = try #require(project.text("id"))
            let single = try await api.object(.get, "/bennu/v1/projects/\(id)")["data"] as? [String: Any]
            #expect(single.map { NSDictionary(dictionary: $0) } == NSDictionary(dictionary: project))
        }
    }

    @Test("a project without spans has sums of zero and no latency")
    func emptyProject() async throws {
        try await withAPI { api in
            _ = try await api.object(.post, "/v1/projects", #"{"name":"new"}"#)
            let data = try await api.object(.get, "/bennu/v1/projects/new")["data"]
            let project = try #require(data as? [String: Any])
            #expect(project["spanCount"] as? Int == 0)
            #expect(project["latencyMsP50"] is NSNull)
            #expect(project["lastSpanTime"] is NSNull)
        }
    }

    @Test("all pages of traces together have each once, the newest first", arguments: [1, 2, 3, 7])
    func traces(limit: Int) async throws {
        try await withAPI { api in
            try await store(api)
            let found = try await api.allPages(
                "/bennu/v1/projects/default/traces?limit=\(limit)", "rootSpan.name", cursor: "nextCursor")
            #expect(found == (0..<7).reversed().map { "Span \($0)" })
        }
    }

    @Test("a search looks into names and texts in any case, with % as an ordinary character")
    func search() async throws {
        try await withAPI { api in
            try await store(api)
            for (search, count) in [("SPAN%203", 1), ("50%25%20of", 7), ("5%25", 0), ("_", 0), ("none", 0)] {
                #expect(
                    try await api.list("/bennu/v1/projects/default/traces?search=\(search)").count == count, "\(search)"
                )
            }
            let paged = try await api.allPages(
                "/bennu/v1/projects/default/traces?search=span&limit=2", "traceId", cursor: "nextCursor")
            #expect(Set(paged).count == 7)
        }
    }

    @Test("a search knows upper and lower case beyond ASCII", arguments: ["über", "Über", "ÜBER"])
    func searchBeyondASCII(search: String) async throws {
        try await withAPI { api in
            for (index, name) in ["Überblick", "ÜBERBLICK", "überblick", "uber"].enumerated() {
                let id = UInt64(index + 1)
                var span = TestSpan(trace: id, id: id, start: Int64(index), end: 10)
                span.name = name
                try await api.store([span])
            }
            let query = try #require(search.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            #expect(try await api.list("/bennu/v1/projects/default/traces?search=\(query)").count == 3)
        }
    }

    @Test("traces of one session are found by its name")
    func sessionTraces() async throws {
        try await withAPI { api in
            try await store(api)
            let found = try await api.list("/bennu/v1/projects/default/traces?sessionId=s1")
            #expect(found.map { $0.text("rootSpan.name") } == ["Span 4", "Span 1"])
        }
    }

    @Test("all pages of sessions together have each once, the newest first", arguments: [1, 2, 3])
    func sessions(limit: Int) async throws {
        try await withAPI { api in
            try await store(api)
            let found = try await api.allPages(
                "/bennu/v1/projects/default/sessions?limit=\(limit)", "sessionId", cursor: "nextCursor")
            #expect(found == ["s2", "s1", "s0"])
        }
    }

    @Test("a trace has its spans in order of time, without their bodies")
    func trace() async throws {
        try await withAPI { api in
            try await store(api)
            var child = TestSpan(trace: 1, id: 99, parent: 1, start: 1, end: 2)
            (child.kind, child.model, child.promptTokens) = (.llm, "m", 5)
            try await api.store([child])
            let data = try await api.object(.get, "/bennu/v1/traces/\(TraceID(high: 0, low: 1))")["data"]
            let trace = try #require(data as? [String: Any])
            #expect(trace.text("projectName") == "default")
            #expect(trace["spanCount"] as? Int == 2)
            #expect(trace["errorCount"] as? Int == 1)
            let spans = try #require(trace["spans"] as? [[String: Any]])
            #expect(spans.map { $0.text("spanId") } == [SpanID(1).description, SpanID(99).description])
            #expect(spans[1].text("modelName") == "m")
            #expect(spans[1]["attributes"] == nil)
        }
    }

    @Test("a span has its attributes as the tree that was stored")
    func span() async throws {
        try await withAPI { api in
            var span = TestSpan(trace: 1, id: 1, start: 0, end: 1)
            span.attributes = #"{"a":{"b":[1,{"c":null}]}}"#
            try await api.store([span], project: "shop")
            let response = try await api.send(.get, "/bennu/v1/spans/\(SpanID(1))")
            #expect(response.text.contains(#""attributes":{"a":{"b":[1,{"c":null}]}}"#))
            let data = try #require(try response.object()["data"] as? [String: Any])
            #expect(data.text("traceId") == TraceID(high: 0, low: 1).description)
            #expect(data["resource"] is [String: Any])
            #expect(data["promptCost"] is NSNull)
            #expect((data["events"] as? [Any])?.isEmpty == true)
        }
    }

    @Test("a series has a step for each stretch of time with spans, within its window only")
    func series() async throws {
        try await withAPI { api in
            try await store(api, at: SystemClock.now() - 3600 * Self.second * 3)
            for (window, width, count) in [("1h", 60, 0), ("24h", 3600, 7), ("7d", 3600, 7), ("30d", 86_400, 7)] {
                let data = try await api.object(.get, "/bennu/v1/projects/default/series?window=\(window)")["data"]
                let series = try #require(data as? [String: Any])
                #expect(series["bucketSeconds"] as? Int == width)
                let points = try #require(series["points"] as? [[String: Any]])
                #expect(points.reduce(0) { $0 + ($1["spanCount"] as? Int ?? 0) } == count, "\(window)")
            }
        }
    }

    @Test("a page that would begin at what was deleted since is refused, and not taken for the end")
    func missingCursor() async throws {
        try await withAPI { api in
            try await store(api)
            let lists = [
                "/v1/projects/default/spans", "/v1/projects/default/traces", "/bennu/v1/projects/default/sessions",
            ]
            var cursors: [String] = []
            for list in lists {
                let page = try await api.object(.get, list + "?limit=1")
                cursors.append(try #require((page["next_cursor"] ?? page["nextCursor"]) as? String))
            }
            for number in 1...7 {
                _ = try await api.send(.delete, "/v1/traces/\(TraceID(high: 0, low: UInt64(number)))")
            }
            for (list, cursor) in zip(lists, cursors) {
                let response = try await api.send(.get, list + "?cursor=\(cursor)")
                #expect(response.status == .unprocessableContent, "\(list)")
                #expect(response.text.contains("begin with the first page"))
            }
        }
    }

    @Test("what is not there is 404, and what cannot be asked for 422, both as JSON")
    func errors() async throws {
        try await withAPI { api in
            try await store(api)
            for path in ["projects/none", "traces/none", "traces/\(TraceID(high: 9, low: 9))", "spans/none", "nothing"]
            {
                let response = try await api.send(.get, "/bennu/v1/\(path)")
                #expect(response.status == .notFound, "\(path)")
                #expect(try (response.object()["error"] as? [String: Any])?.text("message")?.isEmpty == false)
            }
            for query in ["traces?limit=0", "traces?cursor=x", "sessions?limit=201", "series?window=2y"] {
                let response = try await api.send(.get, "/bennu/v1/projects/default/\(query)")
                #expect(response.status == .unprocessableContent, "\(query)")
            }
        }
    }
}
