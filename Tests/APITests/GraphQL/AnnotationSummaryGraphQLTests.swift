import Domain
import Storage
import TestSupport
import Testing

@testable import bennu_api

@Suite("Summaries of annotations over GraphQL", .serialized)
struct AnnotationSummaryGraphQLTests {
    /// The corpus with annotations of its spans, its first trace, its session and a document. Returns the project's id.
    private func store(_ api: APIFixture) async throws -> String {
        try await api.writer.write(TestSpan.batch(Corpus.spans), project: "p")
        let (one, two) = (AnnotationTarget.span(SpanID(1)), AnnotationTarget.span(SpanID(2)))
        try await annotate(
            api, .span,
            [
                (one, "tone", "kind", 1), (two, "tone", "rude", nil), (.span(SpanID(4)), "tone", "kind", 0.5),
                (.span(SpanID(5)), "tone", "kind", nil), (two, "length", nil, 3), (two, "empty", nil, nil),
                (two, "note", nil, nil),
            ])
        try await annotate(api, .document, [(.span(SpanID(3)), "fit", nil, 1)])
        try await annotate(api, .trace, [(.trace(TraceID(high: 0, low: 1)), "goal", "met", 1)])
        try await annotate(api, .session, [(.session("talk"), "mood", "calm", 0.25)])
        let found = try await api.query(#"{ getProjectByName(name: "p") { id } }"#)
        return try #require(found.text("getProjectByName.id"))
    }

    private func annotate(
        _ api: APIFixture, _ subject: AnnotationSubject, _ said: [(AnnotationTarget, String, String?, Double?)]
    ) async throws {
        let annotations = said.map { target, name, label, score in
            NewAnnotation(
                target: target, documentPosition: subject == .document ? 0 : nil,
                content: AnnotationContent(name: name, annotatorKind: .human, label: label, score: score))
        }
        _ = try await AnnotationRepository(subject, database: api.database).store(annotations)
    }

    private func project(_ api: APIFixture, _ id: String, _ fields: String) async throws -> String {
        try await api.query("query($id: ID!) { node(id: $id) { ... on Project { \(fields) } } }", ["id": id])
            .json("node")
    }

    private let late = #"timeRange: {start: "2026-01-05T00:00:30Z"}"#
    private let early = #"timeRange: {end: "2026-01-05T00:00:30Z"}"#

    @Test("the names of annotations of a span's documents are found by either of its ids, in its project only")
    func documentNames() async throws {
        try await withAPI { api in
            let id = try await store(api)
            let span = try await api.query("{ getSpanByOtelId(spanId: \"\(SpanID(3))\") { id } }")
            let node = try #require(span.text("getSpanByOtelId.id"))
            let names = try await project(
                api, id,
                """
                a: documentEvaluationNames(spanId: "\(SpanID(3))") b: documentEvaluationNames(spanId: "\(node)")
                c: documentEvaluationNames(spanId: "\(SpanID(2))") d: documentEvaluationNames(spanId: "\(SpanID(77))")
                """)
            #expect(names == #"{"a":["fit"],"b":["fit"],"c":[],"d":[]}"#)
            try await api.writer.write(TestSpan.batch([TestSpan(trace: 9, id: 9, start: 0, end: 1)]), project: "other")
            let other = try await api.query(
                "{ getProjectByName(name: \"other\") { documentEvaluationNames(spanId: \"\(SpanID(3))\") } }")
            #expect(try other.json("getProjectByName", "documentEvaluationNames") == "[]")
        }
    }

    @Test("a project knows the names of its annotations, and how many there are of each, but for notes")
    func names() async throws {
        try await withAPI { api in
            let id = try await store(api)
            let all = try await project(
                api, id,
                """
                spanAnnotationNames traceAnnotationsNames sessionAnnotationNames documentEvaluationNames
                spanAnnotationNameCounts { name count } traceAnnotationNameCounts { name count }
                sessionAnnotationNameCounts { name count }
                """)
            #expect(
                all
                    == #"{"documentEvaluationNames":["fit"],"sessionAnnotationNameCounts":[{"count":1,"name":"mood"}],"sessionAnnotationNames":["mood"],"spanAnnotationNameCounts":[{"count":1,"name":"empty"},{"count":1,"name":"length"},{"count":4,"name":"tone"}],"spanAnnotationNames":["empty","length","tone"],"traceAnnotationNameCounts":[{"count":1,"name":"goal"}],"traceAnnotationsNames":["goal"]}"#
            )
            let metrics = try await project(
                api, id,
                """
                all: spanAnnotationMetricNames(timeRange: {}) late: spanAnnotationMetricNames(\(late))
                traceAnnotationMetricNames(\(early)) sessionAnnotationMetricNames(\(late))
                """)
            #expect(
                metrics
                    == #"{"all":["length","tone"],"late":["tone"],"sessionAnnotationMetricNames":[],"traceAnnotationMetricNames":["goal"]}"#
            )
        }
    }

    @Test("a project's annotations of a name are summed up, of a stretch of time or where conditions hold")
    func summaries() async throws {
        try await withAPI { api in
            let id = try await store(api)
            let fields = "{ count labels labelFractions { label fraction } meanScore scoreCount labelCount }"
            let tone = #"annotationName: "tone""#
            let cases: [(String, String)] = [
                (
                    "spanAnnotationSummary(\(tone)) \(fields)",
                    #"{"count":4,"labelCount":4,"labelFractions":[{"fraction":0.75,"label":"kind"},{"fraction":0.25,"label":"rude"}],"labels":["kind","rude"],"meanScore":0.75,"scoreCount":2}"#
                ),
                (
                    "spanAnnotationSummary(\(tone), \(early)) \(fields)",
                    #"{"count":2,"labelCount":2,"labelFractions":[{"fraction":0.5,"label":"kind"},{"fraction":0.5,"label":"rude"}],"labels":["kind","rude"],"meanScore":1,"scoreCount":1}"#
                ),
                (
                    #"spanAnnotationSummary(\#(tone), filterCondition: "span_kind == 'LLM'") { count meanScore }"#,
                    #"{"count":1,"meanScore":null}"#
                ),
                (
                    #"spanAnnotationSummary(\#(tone), sessionFilterCondition: "session_id == 'talk'") { count }"#,
                    #"{"count":3}"#
                ),
                (#"spanAnnotationSummary(annotationName: "goal") { count }"#, "null"),
                (
                    #"traceAnnotationSummary(annotationName: "goal", filterCondition: "span_kind == 'LLM'") { count }"#,
                    #"{"count":1}"#
                ),
                (
                    #"traceAnnotationSummary(annotationName: "goal", filterCondition: "span_kind == 'TOOL'") { count }"#,
                    "null"
                ),
                (
                    #"traceAnnotationSummary(annotationName: "goal", sessionFilterCondition: "session_id == 'x'") { count }"#,
                    "null"
                ),
                (
                    #"sessionAnnotationSummary(annotationName: "mood", sessionFilterCondition: "session_id == 'talk'") { meanScore }"#,
                    #"{"meanScore":0.25}"#
                ),
                (
                    #"sessionAnnotationSummary(annotationName: "mood", sessionFilterCondition: "session_id == 'x'") { count }"#,
                    "null"
                ),
            ]
            for (field, expected) in cases {
                let found = try await project(api, id, "summary: \(field)")
                #expect(found == #"{"summary":\#(expected)}"#, "\(field)")
            }
        }
    }

    @Test("a span's annotations of a project are one voice, in series as well but for what is counted and scored there")
    func voices() async throws {
        try await withAPI { api in
            let id = try await store(api)
            let said: [(UInt64, String?, Double?)] = [
                (1, "yes", 1), (1, "yes", 0), (2, nil, 0.25), (3, "no", nil), (3, nil, nil), (4, nil, nil),
            ]
            let annotations = said.enumerated().map { index, said in
                NewAnnotation(
                    target: .span(SpanID(said.0)),
                    content: AnnotationContent(
                        name: "vote", identifier: "\(index)", annotatorKind: .human, label: said.1, score: said.2))
            }
            _ = try await AnnotationRepository(.span, database: api.database).store(annotations)
            let third = #"{"fraction":0.3333333333333333,"label":"#
            let parts = #""labelFractions":[\#(third)"no"},\#(third)"yes"}]"#
            let fields = "count labelFractions { label fraction } meanScore scoreCount labelCount"
            let found = try await project(
                api, id, #"summary: spanAnnotationSummary(annotationName: "vote") { \#(fields) }"#)
            #expect(
                found == #"{"summary":{"count":3,"labelCount":3,\#(parts),"meanScore":0.375,"scoreCount":3}}"#)
            let time = #"timeRange: {start: "2026-01-05T00:00:00Z", end: "2026-01-06T00:00:00Z"}"#
            let day = "\(time), timeBinConfig: {scale: DAY}"
            let series = try await project(
                api, id,
                #"s: spanAnnotationMetricsTimeSeries(\#(day), annotationName: "vote") { data { annotationSummaries { \#(fields) } } }"#
            )
            #expect(
                series
                    == #"{"s":{"data":[{"annotationSummaries":[{"count":4,"labelCount":3,\#(parts),"meanScore":0.375,"scoreCount":3}]}]}}"#
            )
            let scores = try await project(
                api, id, "s: spanAnnotationScoreTimeSeries(\(day)) { data { scoresWithLabels { label score } } }")
            #expect(scores.contains(#"{"label":"vote","score":0.4166666666666667}"#), "\(scores)")
            let own = try await api.query(
                """
                { getSpanByOtelId(spanId: "\(SpanID(3))") {
                    spanAnnotationSummaries { name count labelCount labelFractions { fraction } } } }
                """
            ).json("getSpanByOtelId", "spanAnnotationSummaries")
            #expect(own == #"[{"count":2,"labelCount":1,"labelFractions":[{"fraction":1}],"name":"vote"}]"#)
        }
    }

    @Test("spans, traces and sessions sum up their own annotations, but for notes, as a filter says")
    func ownSummaries() async throws {
        try await withAPI { api in
            _ = try await store(api)
            let found = try await api.query(
                """
                { getSpanByOtelId(spanId: "0000000000000002") {
                    spanAnnotationSummaries { name count }
                    some: spanAnnotationSummaries(filter: {include: {names: ["length"]}}) { name meanScore }
                    trace { traceAnnotationSummaries { name labels } session { sessionAnnotationSummaries { name } } }
                } }
                """)
            let span = try found.json("getSpanByOtelId")
            #expect(
                span
                    == #"{"some":[{"meanScore":3,"name":"length"}],"spanAnnotationSummaries":[{"count":1,"name":"empty"},{"count":1,"name":"length"},{"count":1,"name":"tone"}],"trace":{"session":{"sessionAnnotationSummaries":[{"name":"mood"}]},"traceAnnotationSummaries":[{"labels":["met"],"name":"goal"}]}}"#
            )
        }
    }

    @Test("all annotations of a name go, of a stretch of time or altogether, and no others")
    func deletion() async throws {
        try await withAPI { api in
            let id = try await store(api)
            let cases: [(String, String, Int)] = [
                ("Span", #"annotationName: "tone", \#(late), timeRangeField: SOURCE_START_TIME"#, 2),
                ("Span", #"annotationName: "tone", \#(early)"#, 0), ("Span", #"annotationName: "tone""#, 2),
                ("Trace", #"annotationName: "tone""#, 0), ("Trace", #"annotationName: "goal""#, 1),
                ("Session", #"annotationName: "mood""#, 1),
            ]
            for (name, input, count) in cases {
                let answer = try await api.query(
                    "mutation($id: ID!) { deleteProject\(name)Annotations(input: {projectId: $id, \(input)}) { deletedAnnotationCount } }",
                    ["id": id]
                ).json("deleteProject\(name)Annotations")
                #expect(answer == #"{"deletedAnnotationCount":\#(count)}"#, "\(name) \(input)")
            }
            let nameless = try await api.errors(
                "mutation($id: ID!) { deleteProjectSpanAnnotations(input: {projectId: $id, annotationName: \"\"}) { deletedAnnotationCount } }",
                ["id": id])
            #expect(nameless == ["annotationName is needed"])
            let left = try await project(
                api, id, "spanAnnotationNames traceAnnotationsNames sessionAnnotationNames documentEvaluationNames")
            #expect(
                left
                    == #"{"documentEvaluationNames":["fit"],"sessionAnnotationNames":[],"spanAnnotationNames":["empty","length"],"traceAnnotationsNames":[]}"#
            )
        }
    }

    @Test("scores and summaries over time count where what they are of begins")
    func series() async throws {
        try await withAPI { api in
            let id = try await store(api)
            let hours = #"timeRange: {start: "2026-01-05T00:00:00Z", end: "2026-01-05T03:00:00Z"}"#
            let metrics = try await project(
                api, id,
                """
                series: spanAnnotationMetricsTimeSeries(\(hours)) { names data { annotationSummaries { name count meanScore } } }
                """)
            #expect(
                metrics
                    == #"{"series":{"data":[{"annotationSummaries":[{"count":1,"meanScore":3,"name":"length"},{"count":3,"meanScore":0.75,"name":"tone"}]},{"annotationSummaries":[]},{"annotationSummaries":[{"count":1,"meanScore":null,"name":"tone"}]}],"names":["length","tone"]}}"#
            )
            let named = try await project(
                api, id,
                #"series: spanAnnotationMetricsTimeSeries(\#(hours), annotationName: "length") { names data { timestamp } }"#
            )
            #expect(
                named
                    == #"{"series":{"data":[{"timestamp":"2026-01-05T00:00:00.000000+00:00"},{"timestamp":"2026-01-05T01:00:00.000000+00:00"},{"timestamp":"2026-01-05T02:00:00.000000+00:00"}],"names":["length"]}}"#
            )
            let scores = try await project(
                api, id,
                """
                span: spanAnnotationScoreTimeSeries(\(hours)) { names data { scoresWithLabels { label score } } }
                trace: traceAnnotationScoreTimeSeries(\(hours), timeBinConfig: {scale: DAY}) { data { scoresWithLabels { label score } } }
                session: sessionAnnotationScoreTimeSeries(\(hours), timeBinConfig: {scale: DAY}) { names data { scoresWithLabels { score } } }
                """)
            #expect(
                scores
                    == #"{"session":{"data":[{"scoresWithLabels":[{"score":0.25}]}],"names":["mood"]},"span":{"data":[{"scoresWithLabels":[{"label":"length","score":3},{"label":"tone","score":0.75}]},{"scoresWithLabels":[]},{"scoresWithLabels":[]}],"names":["length","tone"]},"trace":{"data":[{"scoresWithLabels":[{"label":"goal","score":1}]}]}}"#
            )
        }
    }

    @Test("a series has as many steps as a day has minutes, and not as many as a week")
    func manySteps() async throws {
        try await withAPI { api in
            let id = try await store(api)
            let field = { (end: String) in
                "query($id: ID!) { node(id: $id) { ... on Project { spanAnnotationScoreTimeSeries(timeRange: {start: \"2026-01-05T00:00:00Z\", end: \"\(end)\"}, timeBinConfig: {scale: MINUTE}) { data { scoresWithLabels { score } } } } } }"
            }
            let day = try await api.query(field("2026-01-06T00:00:00Z"), ["id": id])
            let data = try #require(day.at("node", "spanAnnotationScoreTimeSeries", "data") as? [[String: Any]])
            #expect(data.count == 1440)
            // The score of the span that began after a minute.
            let second = try day.json("node", "spanAnnotationScoreTimeSeries", "data", 1)
            #expect(second == #"{"scoresWithLabels":[{"score":0.5}]}"#)
            let errors = try await api.errors(field("2026-01-12T00:00:00Z"), ["id": id])
            #expect(errors == ["timeRange: too many steps; take longer ones"])
        }
    }
}
