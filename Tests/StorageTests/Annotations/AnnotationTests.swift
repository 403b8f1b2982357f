import Database
import Domain
import TestSupport
import Testing

@testable import Storage

@Suite("Annotations", .serialized)
struct AnnotationTests {
    private let spanOne = AnnotationTarget.span(SpanID(1))

    private static let targets: [AnnotationSubject: AnnotationTarget] = [
        .span: .span(SpanID(1)), .document: .span(SpanID(1)), .trace: .trace(TraceID(high: 0, low: 1)),
        .session: .session("s"),
    ]

    @Test("an annotation of each kind of target is stored and read back whole", arguments: AnnotationSubject.allCases)
    func roundTrip(subject: AnnotationSubject) async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(subject, database: database)
            let target = try #require(Self.targets[subject])
            var annotation = NewAnnotation.of(
                target, label: "good", score: 0.5, position: subject == .document ? 3 : nil, time: 7)
            annotation.content.explanation = "because"
            annotation.content.metadata = #"{"a":1.0}"#
            annotation.content.userID = 5
            let ids = try await repository.store([annotation])
            let record = try #require(try await repository.annotations(ids: ids)[ids[0]])
            #expect(record.content == annotation.content)
            #expect(record.documentPosition == annotation.documentPosition)
            #expect(record.createdAt == 7 && record.updatedAt == 7)
            #expect(AnnotationTarget.key(record.targetKey) == target)
            #expect(try await repository.annotations(of: [record.targetID]) == [record.targetID: [record]])
        }
    }

    @Test("a newer annotation of a name and identifier takes the older one's place, and an older one changes nothing")
    func replacement() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.span, database: database)
            let first = try await repository.store([.of(spanOne, label: "first", time: 10)])
            let newer = try await repository.store([.of(spanOne, label: "newer", time: 20)])
            let older = try await repository.store([.of(spanOne, label: "older", time: 5)])
            let other = try await repository.store([.of(spanOne, identifier: "x", label: "other", time: 20)])
            #expect(first == newer && first == older && first != other)
            let record = try #require(try await repository.annotations(ids: first)[first[0]])
            #expect(record.content.label == "newer")
            #expect(record.createdAt == 10 && record.updatedAt == 20)
        }
    }

    @Test("of one request's annotations with one name and identifier the last counts, and each gets its id")
    func repetition() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.span, database: database)
            let ids = try await repository.store([
                .of(spanOne, label: "a"), .of(.span(SpanID(2)), label: "b"), .of(spanOne, label: "c"),
            ])
            #expect(ids.count == 3 && ids[0] == ids[2] && ids[0] != ids[1])
            #expect(try await repository.annotations(ids: ids)[ids[0]]?.content.label == "c")
        }
    }

    @Test("where a target is missing nothing is stored, and the missing ones are named once")
    func missing() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.span, database: database)
            await #expect(throws: MissingTargets(keys: [SpanID(9).bytes])) {
                _ = try await repository.store([
                    .of(spanOne), .of(.span(SpanID(9))), .of(.span(SpanID(9)), identifier: "x"),
                ])
            }
            let stored = try await database.count("span_annotations")
            #expect(stored == 0)
        }
    }

    @Test("annotations go with what they are about", arguments: AnnotationSubject.allCases)
    func deletion(subject: AnnotationSubject) async throws {
        try await withAnnotatedSpans { database in
            let target = try #require(Self.targets[subject])
            _ = try await AnnotationRepository(subject, database: database).store([
                .of(target, position: subject == .document ? 0 : nil)
            ])
            try await ProjectRepository(database: database).remove(id: try await database.rowID("projects"))
            #expect(try await database.count(subject.table) == 0)
        }
    }

    @Test("names, sources and users choose among a target's annotations")
    func filter() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.span, database: database)
            var mine = NewAnnotation.of(spanOne, "mine")
            mine.content.userID = 3
            mine.content.source = .app
            _ = try await repository.store([.of(spanOne, "theirs"), mine, .of(spanOne, "note", identifier: "1")])
            let span = try await database.rowID("spans")
            func names(_ filter: AnnotationFilter) async throws -> [String] {
                try await repository.annotations(of: [span], matching: filter)[span, default: []].map(\.content.name)
                    .sorted()
            }
            #expect(try await names(.init(exclude: .init(names: ["note"]))) == ["mine", "theirs"])
            #expect(try await names(.init(include: .init(sources: [.app]))) == ["mine"])
            #expect(try await names(.init(include: .init(userIDs: [nil]))) == ["note", "theirs"])
            #expect(
                try await names(.init(include: .init(names: ["mine", "note"]), exclude: .init(userIDs: [3]))) == [
                    "note"
                ])
            #expect(try await names(.init(include: .init(names: []))) == [])
        }
    }

    @Test("a project's annotations come the newest first, page by page, by target, name and identifier")
    func pages() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.span, database: database)
            let ids = try await repository.store(
                (1...4).map { .of(.span(SpanID(UInt64($0))), $0 == 4 ? "other" : "quality", identifier: "i\($0)") })
            let project = try await database.rowID("projects")
            var query = AnnotationQuery(projectID: project, limit: 2)
            #expect(try await repository.page(query).map(\.id) == [ids[3], ids[2]])
            query.from = ids[1]
            #expect(try await repository.page(query).map(\.id) == [ids[1], ids[0]])
            query = AnnotationQuery(projectID: project, limit: 10)
            query.keys = [SpanID(1).bytes, SpanID(4).bytes]
            query.excludedNames = ["other"]
            #expect(try await repository.page(query).map(\.id) == [ids[0]])
            query.excludedNames = []
            query.identifiers = ["i4", "i2"]
            #expect(try await repository.page(query).map(\.id) == [ids[3]])
            #expect(try await repository.page(AnnotationQuery(projectID: project + 1, limit: 10)) == [])
        }
    }

    @Test("a removal takes what all its parts name")
    func removal() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.trace, database: database)
            let trace = AnnotationTarget.trace(TraceID(high: 0, low: 1))
            _ = try await repository.store([
                .of(trace, "a", time: 10), .of(trace, "a", identifier: "x", time: 20), .of(trace, "b", time: 10),
            ])
            var removal = AnnotationRemoval(projectID: try await database.rowID("projects"))
            removal.name = "a"
            removal.endTime = 20
            #expect(try await repository.remove(removal) == 1)
            removal.endTime = nil
            removal.userID = 1
            #expect(try await repository.remove(removal) == 0)
            removal.userID = nil
            #expect(try await repository.remove(removal) == 1)
            #expect(try await database.count("trace_annotations") == 1)
        }
    }

    @Test("a change keeps what it does not touch, and one that would make two of a name is refused")
    func change() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.span, database: database)
            let ids = try await repository.store([.of(spanOne, "a", label: "x", time: 1), .of(spanOne, "b", time: 1)])
            let changed = try await repository.update([ids[0]], now: 9) { $0.content.score = 2 }
            #expect(changed.map(\.content.label) == ["x"])
            #expect(try await repository.annotations(ids: ids)[ids[0]] == changed[0])
            #expect(changed[0].updatedAt == 9 && changed[0].createdAt == 1)
            await #expect(throws: DatabaseError.self) {
                _ = try await repository.update([ids[0]]) { $0.content.name = "b" }
            }
            #expect(try await repository.remove(ids).count == 2)
            #expect(try await repository.remove(ids).isEmpty)
        }
    }
}
