import Domain
import Foundation
import Storage
import TestSupport
import Testing

@testable import bennu_api

@Suite("Traces and sessions over GraphQL", .serialized)
struct TraceTypesTests {
    @Test("a trace tells what its spans sum up to")
    func trace() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            try await api.store(Corpus.spans)
            let data = try await api.query(
                """
                { getTraceByOtelId(traceId: "\(TraceID(high: 0, low: 1))") {
                    traceId startTime endTime latencyMs userId numSpans errorCount project { name }
                    session { sessionId } rootSpan { name } costSummary { total { tokens cost } }
                    spanCountsByKind { spanKind count } errorsByType { exceptionType count }
                    costDetailSummaryEntries { tokenType value { cost } } } }
                """)
            let json = try data.json("getTraceByOtelId")
            #expect(
                json == """
                    {"costDetailSummaryEntries":[{"tokenType":"input","value":{"cost":0.003}},\
                    {"tokenType":"output","value":{"cost":0.006}}],\
                    "costSummary":{"total":{"cost":0.009,"tokens":43}},"endTime":"2026-01-05T00:00:10.000000+00:00",\
                    "errorCount":1,"errorsByType":[{"count":1,"exceptionType":"Oops"}],"latencyMs":10000,"numSpans":3,\
                    "project":{"name":"default"},"rootSpan":{"name":"ask"},"session":{"sessionId":"talk"},\
                    "spanCountsByKind":[{"count":1,"spanKind":"agent"},{"count":1,"spanKind":"llm"},\
                    {"count":1,"spanKind":"retriever"}],"startTime":"2026-01-05T00:00:00.000000+00:00",\
                    "traceId":"00000000000000000000000000000001","userId":"ada"}
                    """)
            let orphan = try await api.query(
                """
                { t: getTraceByOtelId(traceId: "\(TraceID(high: 0, low: 3))") {
                    rootSpan { name } session { id } projectSessionId errorsByType { exceptionType count } } }
                """)
            let lost = try orphan.json("t")
            #expect(
                lost == """
                    {"errorsByType":[{"count":1,"exceptionType":null}],"projectSessionId":null,\
                    "rootSpan":{"name":"lost"},"session":null}
                    """)
        }
    }

    @Test("a trace's spans come in order of time, page by page, and narrowed")
    func spans() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let data = try await api.query("{ t: getTraceByOtelId(traceId: \"\(TraceID(high: 0, low: 1))\") { id } }")
            let id = try #require(data.text("t.id"))
            let expected: [(String, [String])] = [
                ("spans(first: 1", ["ask", "call", "find"]), ("spans(first: 1000", ["ask", "call", "find"]),
                ("spans(first: 1, rootSpansOnly: true", ["ask"]),
                ("spans(first: 1, filterCondition: \"span_kind != 'LLM'\"", ["ask", "find"]),
            ]
            for (list, names) in expected {
                let found = try await api.pages(id, "Trace", list, "name")
                #expect(found == names, "\(list)")
            }
            for (list, names) in [
                ("spans(rootSpansOnly: false", ["ask", "call", "find"]),
                ("spans(filterCondition: \"span_kind != 'LLM'\"", ["ask", "find"]),
            ] {
                try await api.expectPagesBack(id, "Trace", list, "name", names)
            }
            let project = try await api.projectID()
            let own = try await api.query(
                """
                query($id: ID!) { node(id: $id) { ... on Project {
                    own: trace(traceId: "\(TraceID(high: 0, low: 1))") { id } none: trace(traceId: "nonsense") { id } } } }
                """, ["id": project])
            #expect(own.text("node.own.id") == id)
            #expect(own.at("node", "none") == nil)
        }
    }

    @Test("a session tells what its traces sum up to")
    func session() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            try await api.store(Corpus.spans)
            let data = try await api.query(
                """
                { getProjectSessionById(sessionId: "talk") {
                    sessionId startTime endTime userId numTraces numTracesWithError project { name }
                    firstInput { value mimeType } lastOutput { truncatedValue } tokenUsage { prompt completion total }
                    traces(first: 10) { edges { node { traceId spans(first: 5) { edges { node { name } } } } } }
                    traceLatencyMsQuantile(probability: 1) costSummary { total { cost } }
                    costDetailSummaryEntries { tokenType } } none: getProjectSessionById(sessionId: "none") { id } }
                """)
            let json = try data.json("getProjectSessionById")
            #expect(
                json == """
                    {"costDetailSummaryEntries":[{"tokenType":"input"},{"tokenType":"output"}],\
                    "costSummary":{"total":{"cost":0.009}},"endTime":"2026-01-05T00:01:01.000000+00:00",\
                    "firstInput":{"mimeType":"json","value":"{\\"q\\": \\"why\\"}"},\
                    "lastOutput":{"truncatedValue":"\(String(repeating: "x", count: 97))..."},"numTraces":2,\
                    "numTracesWithError":1,"project":{"name":"default"},"sessionId":"talk",\
                    "startTime":"2026-01-05T00:00:00.000000+00:00",\
                    "tokenUsage":{"completion":12,"prompt":31,"total":43},"traceLatencyMsQuantile":10000,\
                    "traces":{"edges":[{"node":{"spans":{"edges":[{"node":{"name":"ask"}},{"node":{"name":"call"}},\
                    {"node":{"name":"find"}}]},"traceId":"00000000000000000000000000000001"}},\
                    {"node":{"spans":{"edges":[{"node":{"name":"answer"}}]},\
                    "traceId":"00000000000000000000000000000002"}}]},"userId":"ada"}
                    """)
            #expect(data.at("none") == nil)
        }
    }

    private static let sorts: [(sort: String, names: [String])] = [
        ("col: startTime, dir: desc", ["c", "b", "a"]), ("col: startTime, dir: asc", ["a", "b", "c"]),
        ("col: endTime, dir: desc", ["a", "c", "b"]), ("col: tokenCountTotal, dir: desc", ["b", "c", "a"]),
        ("col: numTraces, dir: desc", ["b", "c", "a"]), ("col: costTotal, dir: desc", ["c", "b", "a"]),
        ("annoResultKey: {name: \"x\", attr: score}, dir: asc", ["a", "b", "c"]),
    ]

    /// Sessions a, b and c, which begin in this order; a lasts longest, b has two traces and tokens.
    private static var sessions: [TestSpan] {
        let rows: [(session: String, id: UInt64, start: Double, end: Double, tokens: Int64?)] = [
            ("a", 1, 0, 100, nil), ("b", 2, 1, 2, 9), ("b", 3, 2, 3, nil), ("c", 4, 5, 6, nil),
        ]
        return rows.map { row in
            var span = TestSpan(trace: row.id, id: row.id, start: Corpus.at(row.start), end: Corpus.at(row.end))
            (span.session, span.promptTokens) = (row.session, row.tokens)
            return span
        }
    }

    @Test("sessions without the annotation that they are sorted by come last in either order")
    func sessionsWithoutAnnotation() async throws {
        try await withAPI { api in
            for span in Self.sessions { try await api.store([span]) }
            let content = AnnotationContent(name: "x", annotatorKind: .human, label: "y", score: 1)
            _ = try await AnnotationRepository(.session, database: api.database).store([
                NewAnnotation(target: .session("b"), content: content)
            ])
            let id = try await api.projectID()
            for (direction, names) in [("asc", ["b", "a", "c"]), ("desc", ["b", "c", "a"])] {
                for attribute in ["score", "label"] {
                    let sort = "sort: {annoResultKey: {name: \"x\", attr: \(attribute)}, dir: \(direction)}"
                    let found = try await api.pages(id, "Project", "sessions(first: 1, \(sort)", "sessionId")
                    #expect(found == names, "\(sort)")
                }
            }
        }
    }

    @Test("sessions come in each order page by page, and conditions narrow them")
    func sessionList() async throws {
        try await withAPI { api in
            for span in Self.sessions { try await api.store([span]) }
            let id = try await api.projectID()
            for (sort, names) in Self.sorts {
                let found = try await api.pages(
                    id, "Project", "sessions(first: 1, sort: {\(sort)}", "sessionId")
                #expect(found == names, "\(sort)")
            }
            let narrowed: [(String, [String])] = [
                ("sessionFilterCondition: \"num_traces > 1\"", ["b"]),
                (#"timeRange: {start: "2026-01-05T00:00:04Z"}"#, ["c", "a"]),
                (#"timeRange: {end: "2026-01-05T00:00:01Z"}"#, ["a"]),
            ]
            for (arguments, names) in narrowed {
                let found = try await api.pages(id, "Project", "sessions(first: 5, \(arguments)", "sessionId")
                #expect(found == names, "\(arguments)")
            }
            let data = try await api.query(
                """
                { p: getProjectByName(name: "default") { sessionCount averageSessionDurationMs averageTracesPerSession
                    one: sessionCount(sessionFilterCondition: "num_traces > 1")
                    none: averageSessionDurationMs(timeRange: {start: "2030-01-01T00:00:00Z"})
                    sessionDurationMsQuantile(probability: 0.5) } }
                """)
            #expect(data.at("p", "sessionCount") as? Int == 3)
            #expect(data.at("p", "one") as? Int == 1)
            #expect(data.at("p", "none") == nil)
            #expect(data.at("p", "sessionDurationMsQuantile") as? Double == 2000)
            #expect(abs((data.at("p", "averageSessionDurationMs") as? Double ?? 0) - 103_000.0 / 3) < 0.001)
            #expect(abs((data.at("p", "averageTracesPerSession") as? Double ?? 0) - 4.0 / 3) < 0.001)
        }
    }

    @Test("every node is found by its id, and what is none's id says so")
    func nodes() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let data = try await api.query(
                """
                { Project: getProjectByName(name: "default") { id } Span: getSpanByOtelId(spanId: "\(SpanID(1))") { id }
                  Trace: getTraceByOtelId(traceId: "\(TraceID(high: 0, low: 1))") { id }
                  ProjectSession: getProjectSessionById(sessionId: "talk") { id } }
                """)
            for type in ["Project", "Span", "Trace", "ProjectSession"] {
                let id = try #require(data.text("\(type).id"))
                let node = try await api.query("query($id: ID!) { node(id: $id) { __typename id } }", ["id": id])
                #expect(node.text("node.__typename") == type)
                #expect(node.text("node.id") == id)
                let unknown = GlobalID(type, 4711).description
                let errors = try await api.errors("query($id: ID!) { node(id: $id) { id } }", ["id": unknown])
                #expect(errors == ["\(type) with ID 4711 not found"])
            }
            let errors = try await api.errors("{ node(id: \"nonsense\") { id } }")
            #expect(errors == ["nonsense is not the id of anything"])
            let missing = try await api.query(
                "{ getSpanByOtelId(spanId: \"00\") { id } getTraceByOtelId(traceId: \"x\") { id } }")
            #expect(missing.at("getSpanByOtelId") == nil && missing.at("getTraceByOtelId") == nil)
        }
    }
}
