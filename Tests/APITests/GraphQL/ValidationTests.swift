import TestSupport
import Testing

@testable import bennu_api

@Suite("What can be written, over GraphQL", .serialized)
struct ValidationTests {
    @Test("regular expressions are tried, and what is wrong with one is said")
    func regularExpressions() async throws {
        try await withAPI { api in
            let data = try await api.query(
                #"""
                { good: validateRegularExpression(regex: "^(?<word>\\w+) \\d{2,}$") { isValid errorMessage warnings }
                  bad: validateRegularExpression(regex: "(open") { isValid errorMessage } }
                """#)
            #expect(try data.json("good") == #"{"errorMessage":null,"isValid":true,"warnings":[]}"#)
            #expect(data.at("bad", "isValid") as? Bool == false)
            #expect(data.text("bad.errorMessage")?.isEmpty == false)
        }
    }

    @Test("conditions say whether they are for root spans only; what is no condition says nothing")
    func rootSpans() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let data = try await api.query(
                """
                { getProjectByName(name: "default") {
                    root: analyzeSpanFilterCondition(condition: "parent_id is None") { selectsRootSpansOnly }
                    any: analyzeSpanFilterCondition(condition: "latency_ms > 1") { selectsRootSpansOnly }
                    broken: analyzeSpanFilterCondition(condition: "parent_id is") { selectsRootSpansOnly }
                    empty: analyzeSpanFilterCondition(condition: "") { selectsRootSpansOnly } } }
                """)
            let answers = ["root", "any", "broken", "empty"].map {
                data.at("getProjectByName", $0, "selectsRootSpansOnly") as? Bool
            }
            #expect(answers == [true, false, false, false])
        }
    }

    @Test("names of annotations that nothing has are no mistake, but worth a warning")
    func unknownAnnotations() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let trace = try await api.query(
                "{ getTraceByOtelId(traceId: \"00000000000000000000000000000001\") { id } }")
            _ = try await api.query(
                """
                mutation { createTraceAnnotations(input: [{traceId: "\(trace.text("getTraceByOtelId.id") ?? "")",
                    name: "quality", score: 1, annotatorKind: HUMAN, metadata: {}, source: APP}]) { traceAnnotations { id } } }
                """)
            func warnings(_ field: String, _ condition: String) async throws -> [String]? {
                let data = try await api.query(
                    """
                    query($condition: String!) { getProjectByName(name: "default") {
                        v: \(field)(condition: $condition) { isValid warnings } } }
                    """, ["condition": condition])
                #expect(data.at("getProjectByName", "v", "isValid") as? Bool == true, "\(condition)")
                return data.at("getProjectByName", "v", "warnings") as? [String]
            }
            let expected: [(String, String, [String])] = [
                ("validateTraceFilterCondition", "trace_annotations['quality'].score > 0", []),
                (
                    "validateTraceFilterCondition",
                    "trace_annotations['qualty'].score > 0 and any(s.annotations['quality'] for s in spans)",
                    [
                        "no span of this project has an annotation 'quality'",
                        "no trace of this project has an annotation 'qualty'",
                    ]
                ),
                (
                    "validateSessionFilterCondition", "session_annotations['zzz'].score > 1",
                    ["no session of this project has an annotation 'zzz'"]
                ),
                ("validateSpanFilterCondition", "annotations['nothing'].score > 0", []),
            ]
            for (field, condition, wanted) in expected {
                let found = try await warnings(field, condition)
                #expect(found == wanted, "\(condition)")
            }
        }
    }

    @Test("a project tells what filters may be made of, its own annotations included")
    func vocabularies() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans)
            let trace = try await api.query(
                "{ getTraceByOtelId(traceId: \"00000000000000000000000000000001\") { id } }")
            _ = try await api.query(
                """
                mutation { createTraceAnnotations(input: [{traceId: "\(trace.text("getTraceByOtelId.id") ?? "")",
                    name: "quality", score: 1, annotatorKind: HUMAN, metadata: {}, source: APP}]) { traceAnnotations { id } } }
                """)
            let fields = "{ name type description category iterableName }"
            let data = try await api.query(
                """
                { getProjectByName(name: "default") { traceFilterVocabulary \(fields) sessionFilterVocabulary \(fields)
                    later: traceFilterVocabulary(timeRange: {start: "2027-01-01T00:00:00Z"}) \(fields) } }
                """)
            let project = try #require(data["getProjectByName"] as? [String: Any])
            let json = try project.json("traceFilterVocabulary")
            #expect(
                json.contains(
                    """
                    {"category":"annotation","description":"What such an annotation says, as a number.",\
                    "iterableName":null,"name":"trace_annotations[\\"quality\\"].score","type":"number"}
                    """))
            for list in ["traceFilterVocabulary", "sessionFilterVocabulary"] {
                #expect(
                    try project.json(list).contains(
                        #""category":"attribute","description":"An attribute that was seen of the "#), "\(list)")
            }
            #expect(try !project.json("later").contains("An attribute that was seen"))
            #expect(try project.json("sessionFilterVocabulary").contains(#""name":"num_traces","type":"number""#))
            #expect(try !project.json("later").contains("quality"))
        }
    }
}
