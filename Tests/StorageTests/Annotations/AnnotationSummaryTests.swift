import Database
import Domain
import TestSupport
import Testing

@testable import Storage

@Suite("Annotation summaries", .serialized)
struct AnnotationSummaryTests {
    private func annotate(_ database: Database) async throws -> AnnotationRepository {
        let repository = AnnotationRepository(.span, database: database)
        _ = try await repository.store([
            .of(.span(SpanID(1)), "q", label: "good", score: 1), .of(.span(SpanID(2)), "q", label: "bad", score: 0),
            .of(.span(SpanID(3)), "q", label: "good"), .of(.span(SpanID(4)), "q", score: 0.5),
            .of(.span(SpanID(1)), "empty"), .of(.span(SpanID(1)), "note", identifier: "1"),
        ])
        return repository
    }

    @Test("each target weighs the same: means are over those with a score, parts of labels over all that say something")
    func project() async throws {
        try await withAnnotatedSpans { database in
            let repository = try await annotate(database)
            var scope = AnnotationScope(projectID: try await database.rowID("projects"))
            scope.name = "q"
            #expect(
                try await repository.summaries(scope) == [
                    AnnotationSummary(
                        name: "q", targetCount: 4, count: 4, opinionCount: 4, scoreCount: 3, meanScore: 0.5,
                        meanOfScores: 0.5, labelCount: 3, labels: [.init("bad", 0.25), .init("good", 0.5)])
                ])
            scope.startTime = 2000
            scope.endTime = 4000
            #expect(try await repository.summaries(scope).map(\.count) == [2])
        }
    }

    @Test("several annotations of a target are one voice")
    func severalOfATarget() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.span, database: database)
            let said: [(span: UInt64, label: String?, score: Double?)] = [
                (1, "good", 1), (1, "good", 0), (1, "good", nil), (1, "bad", 0.5),
                (2, "bad", 0.75), (3, nil, 0.25), (3, nil, 0.5), (3, "good", nil), (4, nil, nil),
            ]
            _ = try await repository.store(
                said.enumerated().map { index, said in
                    .of(.span(SpanID(said.span)), "q", identifier: "\(index)", label: said.label, score: said.score)
                })
            var scope = AnnotationScope(projectID: try await database.rowID("projects"))
            (scope.name, scope.withResultOnly) = ("q", true)
            let expected = AnnotationSummary(
                name: "q", targetCount: 3, count: 8, opinionCount: 5, scoreCount: 6, meanScore: 1.625 / 3,
                meanOfScores: 0.5, labelCount: 6, labels: [.init("bad", 1.25 / 3), .init("good", 1.75 / 3)])
            #expect(try await repository.summaries(scope) == [expected])
            #expect(try await repository.summaries(scope, starts: [0]) == [0: [expected]])
            let first = try await database.rowID("spans")
            #expect(
                try await repository.summaries(of: [first])[first]?.first?.labels == [
                    .init("bad", 0.25), .init("good", 0.75),
                ])
        }
    }

    @Test("names are counted without notes, and without those that say nothing where results are asked for")
    func names() async throws {
        try await withAnnotatedSpans { database in
            let repository = try await annotate(database)
            var scope = AnnotationScope(projectID: try await database.rowID("projects"))
            #expect(try await repository.nameCounts(scope).map(\.name) == ["empty", "q"])
            #expect(try await repository.nameCounts(scope).map(\.count) == [1, 4])
            scope.withResultOnly = true
            #expect(try await repository.nameCounts(scope).map(\.name) == ["q"])
        }
    }

    @Test("targets and intervals of time have summaries of their own")
    func groups() async throws {
        try await withAnnotatedSpans { database in
            let repository = try await annotate(database)
            let span = try await database.rowID("spans")
            let bySpan = try await repository.summaries(of: [span], matching: .init(exclude: .init(names: ["note"])))
            #expect(bySpan[span]?.map(\.name) == ["empty", "q"])
            var scope = AnnotationScope(projectID: try await database.rowID("projects"))
            scope.name = "q"
            let byTime = try await repository.summaries(scope, starts: [0, 2000, 4000])
            #expect(byTime.mapValues { $0.map(\.count) } == [0: [1], 2000: [2], 4000: [1]])
        }
    }
}
