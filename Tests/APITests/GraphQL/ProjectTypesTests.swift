import Domain
import Foundation
import TestSupport
import Testing

@testable import bennu_api

@Suite("Projects over GraphQL", .serialized)
struct ProjectTypesTests {
    @Test("projects are listed, sorted, found by name and counted")
    func list() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans, project: "beta")
            try await api.store(
                [TestSpan(trace: 8, id: 8, start: Corpus.at(-60), end: Corpus.at(-1))], project: "Alpha")
            _ = try await api.query(#"mutation { createProject(input: {name: "empty"}) { project { id } } }"#)
            func names(_ arguments: String) async throws -> [String] {
                let data = try await api.query(
                    "{ projects\(arguments) { edges { node { name } } } }"
                )
                let edges = try #require(data.at("projects", "edges") as? [[String: Any]])
                return edges.compactMap { $0.text("node.name") }.filter { $0 != "default" }
            }
            let orders: [(String, [String])] = [
                ("(sort: {col: name, dir: asc})", ["Alpha", "beta", "empty"]),
                ("(sort: {col: name, dir: desc})", ["empty", "beta", "Alpha"]),
                ("(sort: {col: endTime, dir: asc})", ["Alpha", "beta", "empty"]),
                ("(sort: {col: endTime, dir: desc})", ["beta", "Alpha", "empty"]),
                ("(filter: {col: name, value: \"ALP\"})", ["Alpha"]),
                ("(filter: {col: name, value: \"\"})", ["beta", "Alpha", "empty"]), ("(first: 0)", []),
            ]
            for (arguments, expected) in orders {
                let found = try await names(arguments)
                #expect(found == expected, "\(arguments)")
            }
            let data = try await api.query(
                """
                { projectCount projectsLastUpdatedAt searchResources(query: "ET") { ... on Project { name } }
                  getProjectByName(name: "none") { id } }
                """)
            let found = try data.json("searchResources")
            #expect(found == #"[{"name":"beta"}]"#)
            #expect((data.at("projectCount") as? Int ?? 0) >= 2)
            #expect(data.text("projectsLastUpdatedAt") != nil)
            #expect(data.at("getProjectByName") == nil)
        }
    }

    private static let sums = """
        recordCount traceCount tokenCountTotal tokenCountPrompt tokenCountCompletion
        costSummary { total { tokens cost } prompt { cost } completion { cost } }
        """

    @Test("a list that is read by first alone has at least one item, and a search too")
    func firstOfNone() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let id = try await api.projectID()
            for list in [
                "spans(first: 0) { edges { cursor } }", "sessions(first: 0) { edges { cursor } }",
                "traces(first: 0) { edges { cursor } }",
                "trace(traceId: \"\(TraceID(high: 0, low: 1))\") { spans(first: 0) { edges { cursor } } }",
                "sessions(first: 1) { edges { node { traces(first: 0) { edges { cursor } } } } }",
            ] {
                let errors = try await api.errors(
                    "query($id: ID!) { node(id: $id) { ... on Project { \(list) } } }", ["id": id])
                #expect(errors == ["first must be a positive integer"], "\(list)")
            }
            let search = try await api.errors(#"{ searchResources(query: "d", limitPerType: 0) { __typename } }"#)
            #expect(search == ["limitPerType must be from 1 to 1000"])
        }
    }

    @Test("a time that is none is refused in plain words, as a literal and as a variable")
    func badTime() async throws {
        try await withAPI { api in
            let reason = "Not a time such as 2026-01-31T12:00:00+00:00"
            let literal = try await api.errors(
                #"{ projects { edges { node { recordCount(timeRange: {start: "noon"}) } } } }"#)
            #expect(literal == [#"Expected value of type 'DateTime', found "noon"; \#(reason)"#])
            let variable = try await api.errors(
                "query($t: DateTime) { projects { edges { node { recordCount(timeRange: {start: $t}) } } } }",
                ["t": "noon"])
            #expect(variable == ["Variable '$t' got invalid value 'noon'; Expected type 'DateTime'. \(reason)"])
        }
    }

    @Test("where there is nothing to add up, tokens and costs are null")
    func noCosts() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            try await api.store([TestSpan(trace: 1, id: 1, start: 0, end: 1)])
            let costs = "costSummary { total { tokens cost } prompt { tokens cost } completion { tokens cost } }"
            let data = try await api.query(
                "{ getProjectByName(name: \"default\") { \(costs) } getTraceByOtelId(traceId: \"\(TraceID(high: 0, low: 1))\") { \(costs) } }"
            )
            let nothing = #"{"cost":null,"tokens":null}"#
            for owner in ["getProjectByName", "getTraceByOtelId"] {
                #expect(
                    try data.json(owner, "costSummary")
                        == #"{"completion":\#(nothing),"prompt":\#(nothing),"total":\#(nothing)}"#)
            }
        }
    }

    @Test("a project tells its times and sums without looking at spans")
    func sums() async throws {
        let log = StatementLog()
        try await withAPI(options: log.options, costing: Corpus.costing) { api in
            try await api.store(Corpus.spans)
            let text = """
                { getProjectByName(name: "default") { name description gradientStartColor gradientEndColor createdAt updatedAt
                    startTime endTime hasTraces streamingLastUpdatedAt \(Self.sums)
                    p50: latencyMsQuantile(probability: 0.5) p99: spanLatencyMsQuantile(probability: 0.99) } }
                """
            let data = try await api.query(text)
            let project = try #require(data["getProjectByName"] as? [String: Any])
            #expect(project.text("startTime") == "2026-01-05T00:00:00.000000+00:00")
            #expect(project.text("endTime") == "2026-01-05T02:00:00.500000+00:00")
            #expect(project.text("streamingLastUpdatedAt") == "2026-01-05T02:00:00.000000+00:00")
            #expect(project.at("hasTraces") as? Bool == true)
            #expect(project.at("recordCount") as? Int == 5)
            #expect(project.at("traceCount") as? Int == 3)
            #expect(project.at("tokenCountTotal") as? Double == 43)
            let cost = try project.json("costSummary")
            #expect(
                cost == #"{"completion":{"cost":0.006},"prompt":{"cost":0.003},"total":{"cost":0.009,"tokens":43}}"#)
            let (p50, p99) = (project.at("p50") as? Double ?? 0, project.at("p99") as? Double ?? 0)
            #expect(abs(p50 - 1000) < 50 && abs(p99 - 10_000) < 500, "\(p50) \(p99)")
            let statements = try await log.reads {
                _ = try await api.query("{ projects { edges { node { \(Self.sums) } } } }")
            }
            #expect(!statements.contains { $0.contains("FROM spans") }, "\(statements)")
        }
    }

    @Test("sums of a stretch of time are exact at its edges, and conditions narrow them")
    func ranges() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            try await api.store(Corpus.spans)
            func counts(_ arguments: String) async throws -> [Int?] {
                let data = try await api.query(
                    "{ getProjectByName(name: \"default\") { recordCount\(arguments) traceCount\(arguments) } }")
                return [
                    data.at("getProjectByName", "recordCount") as? Int,
                    data.at("getProjectByName", "traceCount") as? Int,
                ]
            }
            let expected: [(String, [Int?])] = [
                (#"(timeRange: {start: "2026-01-05T00:00:01Z"})"#, [4, 2]),
                (#"(timeRange: {start: "2026-01-05T00:00:01Z", end: "2026-01-05T00:00:02Z"})"#, [1, 0]),
                (#"(timeRange: {end: "2026-01-05T02:00:00Z"})"#, [4, 2]),
                (#"(timeRange: {start: "2026-01-05T00:00:30Z", end: "2026-01-05T02:00:00.1Z"})"#, [2, 2]),
                (#"(timeRange: {start: "2026-01-05T02:00:01Z"})"#, [0, 0]),
                (#"(filterCondition: "span_kind == 'LLM'")"#, [1, 1]),
                (#"(sessionFilterCondition: "session_id == 'talk'")"#, [4, 2]),
                (#"(filterCondition: "status_code == 'OK'", timeRange: {start: "2026-01-05T00:00:10Z"})"#, [1, 1]),
            ]
            for (arguments, numbers) in expected {
                let found = try await counts(arguments)
                #expect(found == numbers, "\(arguments)")
            }
            let data = try await api.query(
                """
                { getProjectByName(name: "default") {
                    traces: latencyMsQuantile(probability: 0.5, filterCondition: "name == 'call' or name == 'answer'")
                    spans: spanLatencyMsQuantile(probability: 1, filterCondition: "span_kind == 'LLM'")
                    none: spanLatencyMsQuantile(probability: 1, filterCondition: "name == 'nothing'") } }
                """)
            #expect(data.at("getProjectByName", "traces") as? Double == 5500)
            #expect(data.at("getProjectByName", "spans") as? Double == 3000)
            #expect(data.at("getProjectByName", "none") == nil)
        }
    }

    private static let sorts: [(sort: String, names: [String])] = [
        ("col: startTime, dir: desc", ["lost", "answer", "find", "call", "ask"]),
        ("col: startTime, dir: asc", ["ask", "call", "find", "answer", "lost"]),
        ("col: endTime, dir: asc", ["find", "call", "ask", "answer", "lost"]),
        ("col: latencyMs, dir: desc", ["ask", "call", "answer", "find", "lost"]),
        ("col: tokenCountTotal, dir: desc", ["call", "find", "lost", "answer", "ask"]),
        ("col: tokenCountPrompt, dir: desc", ["call", "find", "lost", "answer", "ask"]),
        ("col: tokenCountPrompt, dir: asc", ["find", "call", "ask", "answer", "lost"]),
        ("col: tokenCostTotal, dir: asc", ["call", "ask", "find", "answer", "lost"]),
        ("col: tokenCountCompletion, dir: desc", ["call", "lost", "answer", "find", "ask"]),
        ("col: cumulativeTokenCountTotal, dir: desc", ["call", "ask", "find", "lost", "answer"]),
        ("col: cumulativeTokenCountPrompt, dir: asc", ["answer", "lost", "find", "ask", "call"]),
        ("col: cumulativeTokenCountCompletion, dir: desc", ["call", "ask", "lost", "answer", "find"]),
        ("col: cumulativeTokenCostTotal, dir: desc", ["call", "ask", "lost", "answer", "find"]),
        ("col: tokenCostTotal, dir: desc", ["call", "lost", "answer", "find", "ask"]),
    ]

    @Test("each order gives every span once, page by page")
    func spanOrders() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            for span in Corpus.spans { try await api.store([span]) }
            let id = try await api.projectID()
            for (sort, names) in Self.sorts {
                let found = try await api.pages(id, "Project", "spans(first: 2, sort: {\(sort)}", "name")
                #expect(found == names, "\(sort)")
            }
            for (sort, names) in Self.sorts {
                try await api.expectPagesBack(id, "Project", "spans(sort: {\(sort)}", "name", names)
            }
            let byScore = try await api.pages(
                id, "Project", "spans(first: 2, sort: {evalResultKey: {name: \"x\", attr: score}, dir: asc}", "name")
            #expect(byScore.count == 5)
        }
    }

    @Test("conditions, times and roots narrow a project's spans")
    func spanConditions() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let id = try await api.projectID()
            let expected: [(String, [String])] = [
                ("rootSpansOnly: true", ["lost", "answer", "ask"]),
                ("rootSpansOnly: true, orphanSpanAsRootSpan: false", ["answer", "ask"]),
                ("filterCondition: \"status_code == 'ERROR'\"", ["lost", "call"]),
                ("traceFilterCondition: \"num_spans > 2\"", ["find", "call", "ask"]),
                (#"timeRange: {start: "2026-01-05T00:00:02Z", end: "2026-01-05T00:01:01Z"}"#, ["answer", "find"]),
                ("filterCondition: \"  \"", ["lost", "answer", "find", "call", "ask"]),
            ]
            for (arguments, names) in expected {
                let found = try await api.pages(id, "Project", "spans(first: 2, \(arguments)", "name")
                #expect(found == names, "\(arguments)")
            }
        }
    }

    @Test("what cannot be is refused with where and why")
    func refusals() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            func errors(_ field: String) async throws -> [String] {
                try await api.errors("{ getProjectByName(name: \"default\") { \(field) { edges { cursor } } } }")
            }
            let condition = try await errors("spans(first: 1, filterCondition: \"nonsense(\")")
            #expect(condition.first?.contains("at character") == true, "\(condition)")
            let expected = [
                ("spans(first: 1, after: \"x\")", "the cursor is not one of this list"),
                ("spans(first: 1, before: \"x\")", "the cursor is not one of this list"),
                ("spans(first: 1, last: -1)", "last must not be negative"),
                ("spans(first: -1)", "first must not be negative"),
                ("spans(first: 1001)", "first must not be more than 1000"),
                ("spans(first: 1, sort: {dir: asc})", "sort: give either col or evalResultKey"),
                ("sessions(first: 1, sort: {dir: asc})", "sort: give either col or annoResultKey"),
            ]
            for (field, message) in expected {
                let found = try await errors(field)
                #expect(found == [message], "\(field)")
            }
            let gone = try await errors(
                "spans(first: 1, after: \"\(GlobalID("Span", 99))\", timeRange: {start: \"2030-01-01T00:00:00Z\"})")
            #expect(gone == ["what the cursor points at has been deleted; begin with the first page"])
            let probability = try await api.errors(
                "{ getProjectByName(name: \"default\") { latencyMsQuantile(probability: 2) } }")
            #expect(probability == ["probability must be from 0 to 1"])
        }
    }

    @Test("conditions are checked before they are used")
    func validation() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let data = try await api.query(
                """
                { getProjectByName(name: "default") {
                    good: validateSpanFilterCondition(condition: "latency_ms > 1") { isValid errorMessage warnings }
                    bad: validateSpanFilterCondition(condition: "latency_ms >") { isValid errorMessage warnings }
                    empty: validateTraceFilterCondition(condition: "") { isValid }
                    trace: validateTraceFilterCondition(condition: "num_spans > 1") { isValid }
                    session: validateSessionFilterCondition(condition: "wrong == 1") { isValid } } }
                """)
            let good = try data.json("getProjectByName", "good")
            #expect(good == #"{"errorMessage":null,"isValid":true,"warnings":[]}"#)
            #expect(data.at("getProjectByName", "bad", "isValid") as? Bool == false)
            #expect(
                (data.at("getProjectByName") as? [String: Any])?.text("bad.errorMessage")?.contains("at character")
                    == true)
            #expect(data.at("getProjectByName", "empty", "isValid") as? Bool == true)
            #expect(data.at("getProjectByName", "trace", "isValid") as? Bool == true)
            #expect(data.at("getProjectByName", "session", "isValid") as? Bool == false)
        }
    }
}

extension APIFixture {
    /// The node's id of a project.
    func projectID(_ name: String = "default") async throws -> String {
        try #require(try await query("{ p: getProjectByName(name: \"\(name)\") { id } }").text("p.id"))
    }
}
