import Domain
import Foundation
import TestSupport
import Testing

@testable import bennu_api

@Suite("What the browser application asks", .serialized)
struct BrowserDocumentTests {
    private static let second: Int64 = 1_000_000_000
    private static let day: [String: any Sendable] = ["start": "1970-01-01T00:00:00Z", "end": "1970-01-02T00:00:00Z"]

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

    private func ask(
        _ api: APIFixture, _ document: String, _ variables: [String: any Sendable]
    ) async throws -> [String: Any] {
        try await api.query(BrowserDocument.text(document), variables)
    }

    /// The nodes of all pages of a list.
    private func pages(
        _ api: APIFixture, _ document: String, _ list: String, _ variables: [String: any Sendable]
    ) async throws -> [[String: Any]] {
        var (found, variables): ([[String: Any]], _) = ([], variables)
        for _ in 0..<100 {
            let page = try #require(
                try await ask(api, document, variables).at("node", list) as? [String: Any], "\(list)")
            found += try #require(page["edges"] as? [[String: Any]]).compactMap { $0["node"] as? [String: Any] }
            guard page.at("pageInfo", "hasNextPage") as? Bool == true else { return found }
            variables["after"] = page.text("pageInfo.endCursor")
        }
        Issue.record("\(list) does not end")
        return found
    }

    private func project(_ api: APIFixture, _ name: String) async throws -> [String: Any] {
        let data = try await ask(api, "Projects", ["day": Self.day])
        let edges = try #require(data.at("projects", "edges") as? [[String: Any]])
        return try #require(edges.compactMap { $0["node"] as? [String: Any] }.first { $0.text("name") == name })
    }

    @Test("the list of projects has their sums and their day")
    func projects() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            try await store(api)
            let listed = try await project(api, "default")
            #expect(listed["traceCount"] as? Int == 7)
            #expect(listed["recordCount"] as? Int == 7)
            #expect(listed["errorCount"] as? Int == 1)
            #expect(listed.text("streamingLastUpdatedAt") == "1970-01-01T00:00:03.000000+00:00")
            let p50 = try #require(listed["latencyP50"] as? Double)
            #expect(abs(p50 - 4000) < 1000)
            let hours = try #require(listed.at("traces", "data") as? [[String: Any]])
            #expect(hours.map { $0["value"] as? Int } == [7] + Array(repeating: nil, count: 23))
            let id = try #require(listed.text("id"))
            let data = try await ask(api, "Project", ["project": id])
            var single = try #require(data["node"] as? [String: Any])
            single["traces"] = listed["traces"]
            #expect(try single.json() == listed.json())
        }
    }

    @Test("a project without spans has sums of zero and no latency")
    func emptyProject() async throws {
        try await withAPI { api in
            _ = try await api.object(.post, "/v1/projects", #"{"name":"new"}"#)
            let listed = try await project(api, "new")
            #expect(listed["recordCount"] as? Int == 0)
            #expect(listed["latencyP50"] is NSNull)
            #expect(listed["streamingLastUpdatedAt"] is NSNull)
        }
    }

    @Test("the list of projects takes as many statements for many as for one, and looks at no trace and no attribute")
    func projectStatements() async throws {
        let log = StatementLog()
        try await withAPI(options: log.options) { api in
            try await store(api)
            let one = try await log.reads { _ = try await ask(api, "Projects", ["day": Self.day]) }
            for number in 1...5 { try await api.store(Corpus.spans, project: "another \(number)") }
            let many = try await log.reads { _ = try await ask(api, "Projects", ["day": Self.day]) }
            #expect(one.count == many.count && many.count <= 5, "\(many)")
            #expect(!many.contains { $0.contains("FROM traces") || $0.contains("attributes") }, "\(many)")
        }
    }

    @Test("all pages of traces together have each once, the newest first", arguments: [1, 2, 3, 7])
    func traces(limit: Int) async throws {
        try await withAPI { api in
            try await store(api)
            let found = try await pages(
                api, "Traces", "traces", ["project": try await api.projectID(), "first": limit])
            #expect(found.compactMap { $0.text("rootPreview.name") } == (0..<7).reversed().map { "Span \($0)" })
        }
    }

    @Test("a row of the list of traces has the trace's sums and the span that stands for it, from its own row alone")
    func traceRow() async throws {
        let log = StatementLog()
        try await withAPI(options: log.options, costing: Corpus.costing) { api in
            try await api.store(Corpus.spans)
            let variables: [String: any Sendable] = ["project": try await api.projectID(), "first": 10]
            let statements = try await log.reads { _ = try await ask(api, "Traces", variables) }
            #expect(statements.count == 2 && !statements.contains { $0.contains("spans s") }, "\(statements)")
            let rows = try await pages(api, "Traces", "traces", variables)
            let (lost, first) = (try #require(rows.first), try #require(rows.last))
            #expect(first["numSpans"] as? Int == 3 && first["errorCount"] as? Int == 1)
            #expect(first.text("sessionId") == "talk" && first.text("userId") == "ada")
            #expect(first.at("latencyMs") as? Int == 10_000)
            let (costs, preview) = (try first.json("costSummary"), try lost.json("rootPreview"))
            #expect(costs == #"{"completion":{"tokens":12},"prompt":{"tokens":31},"total":{"cost":0.009}}"#)
            #expect(
                preview == """
                    {"input":null,"isOrphan":true,"name":"lost","output":null,"spanId":"\(SpanID(5))","spanKind":"tool",\
                    "statusCode":"ERROR"}
                    """)
        }
    }

    @Test("a search looks into names and texts in any case, with % as an ordinary character")
    func search() async throws {
        try await withAPI { api in
            try await store(api)
            let id = try await api.projectID()
            for (search, count) in [("SPAN 3", 1), ("50% of", 7), ("5%", 0), ("_", 0), ("none", 0), ("", 7)] {
                let found = try await pages(
                    api, "Traces", "traces", ["project": id, "first": 50, "search": search])
                #expect(found.count == count, "\(search)")
            }
            let paged = try await pages(api, "Traces", "traces", ["project": id, "first": 2, "search": "span"])
            #expect(Set(paged.compactMap { $0.text("traceId") }).count == 7)
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
            let found = try await pages(
                api, "Traces", "traces", ["project": try await api.projectID(), "first": 50, "search": search])
            #expect(found.count == 3)
        }
    }

    @Test("traces of one session are found by its name")
    func sessionTraces() async throws {
        try await withAPI { api in
            try await store(api)
            let found = try await pages(
                api, "Traces", "traces", ["project": try await api.projectID(), "first": 50, "session": "s1"])
            #expect(found.map { $0.text("rootPreview.name") } == ["Span 4", "Span 1"])
        }
    }

    @Test("all pages of sessions together have each once, the newest first, with their sums", arguments: [1, 2, 3])
    func sessions(limit: Int) async throws {
        try await withAPI { api in
            try await store(api)
            let found = try await pages(
                api, "Sessions", "sessions", ["project": try await api.projectID(), "first": limit])
            #expect(found.compactMap { $0.text("sessionId") } == ["s2", "s1", "s0"])
            #expect(found.compactMap { $0["numSpans"] as? Int } == [2, 2, 3])
            #expect(found.compactMap { $0["errorCount"] as? Int } == [0, 0, 1])
        }
    }

    @Test("a trace has its spans in order of time, without their bodies, by one statement")
    func trace() async throws {
        let log = StatementLog()
        try await withAPI(options: log.options) { api in
            try await store(api)
            var child = TestSpan(trace: 1, id: 99, parent: 1, start: 1, end: 2)
            (child.kind, child.model, child.promptTokens) = (.llm, "m", 5)
            try await api.store([child])
            let variables = ["trace": "\(TraceID(high: 0, low: 1))"]
            let statements = try await log.reads { _ = try await ask(api, "Trace", variables) }
            #expect(statements.count == 3 && !statements.contains { $0.contains("attributes") }, "\(statements)")
            let data = try await ask(api, "Trace", variables)
            let trace = try #require(data["getTraceByOtelId"] as? [String: Any])
            #expect(trace.text("project.name") == "default")
            #expect(trace["numSpans"] as? Int == 2)
            #expect(trace["errorCount"] as? Int == 1)
            let spans = try #require(trace["skeleton"] as? [[String: Any]])
            #expect(spans.map { $0.text("spanId") } == [SpanID(1).description, SpanID(99).description])
            #expect(spans[1].text("parentId") == SpanID(1).description)
            #expect(spans[1].text("modelName") == "m" && spans[1].text("spanKind") == "llm")
            #expect(spans[1]["tokenCountPrompt"] as? Int == 5)
        }
    }

    @Test("a span has its attributes as the tree that was stored, and what OTLP says beyond")
    func span() async throws {
        try await withAPI { api in
            var span = TestSpan(trace: 1, id: 1, start: 0, end: 1)
            (span.attributes, span.project, span.model) = (#"{"a":{"b":[1,{"c":null}]}}"#, "shop", "m")
            try await api.store([span])
            let data = try await ask(api, "Span", ["span": "\(SpanID(1))"])
            let found = try #require(data["getSpanByOtelId"] as? [String: Any])
            #expect(found.text("attributes") == #"{"a":{"b":[1,{"c":null}]}}"#)
            #expect(found.text("context.traceId") == TraceID(high: 0, low: 1).description)
            #expect(found.text("resource.resource.project") == "shop")
            #expect(found.text("modelName") == "m")
            #expect(found["otlp"] is NSNull && found["costSummary"] is NSNull)
            #expect((found["events"] as? [Any])?.isEmpty == true)
        }
    }

    @Test("a series has every step of its window and what is within it, by one statement for all its counts")
    func series() async throws {
        let log = StatementLog()
        try await withAPI(options: log.options) { api in
            let now = SystemClock.now()
            try await store(api, at: now - 3600 * Self.second * 3)
            let id = try await api.projectID()
            for (hours, scale, count) in [(1, "MINUTE", 0), (24, "HOUR", 7), (168, "HOUR", 7), (720, "DAY", 7)] {
                let variables: [String: any Sendable] = [
                    "project": id, "bins": ["scale": scale],
                    "time": [
                        "start": Timestamp.iso8601(now - Int64(hours) * 3600 * Self.second),
                        "end": Timestamp.iso8601(now + Self.second),
                    ],
                ]
                let statements = try await log.reads { _ = try await ask(api, "Series", variables) }
                #expect(statements.count == 2, "\(statements)")
                let data = try await ask(api, "Series", variables)
                for (list, name) in [("spans", "totalCount"), ("traces", "value")] {
                    let points = try #require(data.at("node", list, "data") as? [[String: Any]])
                    #expect(points.reduce(0) { $0 + ($1[name] as? Int ?? 0) } == count, "\(scale) \(list)")
                }
            }
        }
    }

    @Test("a page that would begin at what was deleted since is refused, and not taken for the end")
    func missingCursor() async throws {
        try await withAPI { api in
            try await store(api)
            let id = try await api.projectID()
            var cursors: [String: String] = [:]
            for (document, list) in [("Traces", "traces"), ("Sessions", "sessions")] {
                let data = try await ask(api, document, ["project": id, "first": 1])
                cursors[document] = try #require(data.at("node", list, "pageInfo", "endCursor") as? String)
            }
            for number in 1...7 {
                _ = try await api.send(.delete, "/v1/traces/\(TraceID(high: 0, low: UInt64(number)))")
            }
            for (document, cursor) in cursors {
                let errors = try await api.errors(
                    BrowserDocument.text(document), ["project": id, "first": 1, "after": cursor])
                #expect(errors.count == 1 && errors[0].contains("begin with the first page"), "\(document)")
            }
        }
    }

    @Test("what is not there is null, or an error that programs can tell from others")
    func missing() async throws {
        try await withAPI { api in
            try await store(api)
            for id in [GlobalID("Project", 4711).description, "nonsense"] {
                for document in ["Project", "Traces", "Sessions"] {
                    let codes = try await api.errorCodes(
                        BrowserDocument.text(document), ["project": id, "first": 1])
                    #expect(codes == ["NOT_FOUND"], "\(document) of \(id)")
                }
            }
            for id in ["none", "\(TraceID(high: 9, low: 9))"] {
                let trace = try await ask(api, "Trace", ["trace": id])
                #expect(trace.at("getTraceByOtelId") == nil)
            }
            let span = try await ask(api, "Span", ["span": "none"])
            #expect(span.at("getSpanByOtelId") == nil)
        }
    }

    @Test("errors say in a word what a program may do about them")
    func codes() async throws {
        try await withAPI { api in
            try await store(api)
            let delete = "mutation { deleteUsers(input: {userIds: []}) { userIds } }"
            #expect(try await api.errorCodes(delete) == ["FORBIDDEN"])
            let id = try await api.projectID()
            let first = try await api.errorCodes(BrowserDocument.text("Traces"), ["project": id, "first": 1001])
            #expect(first == [nil])
            await api.database.close()
            let closed = try await api.errorCodes(BrowserDocument.text("Project"), ["project": id])
            #expect(closed == ["UNAVAILABLE"])
        }
    }
}
