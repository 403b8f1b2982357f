import Database
import Domain
import TestSupport
import Testing

@testable import Storage

@Suite("Waiting annotations", .serialized)
struct WaitingAnnotationTests {
    private let second: Int64 = Timestamp.nanosecondsPerSecond

    private func late(_ id: UInt64) -> TestSpan { TestSpan(trace: 7, id: id, start: 1, end: 2) }

    @Test("an annotation waits for its span and is stored with the time at which it came")
    func arrival() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.span, database: database)
            let waiting = WaitingAnnotations(database: database)
            let count = try await repository.storeOrWait(
                [.of(.span(SpanID(1)), time: 5), .of(.span(SpanID(50)), label: "late", score: 0.25, time: 5)],
                expiresAt: 100 * second)
            #expect(count == 1)
            #expect(try await database.count("span_annotations") == 1)
            #expect(try await waiting.examine(spansHaveCome: false, now: second).stored == 0)
            try await store([late(50)], in: database)
            #expect(try await waiting.examine(spansHaveCome: true, now: 2 * second).stored == 1)
            #expect(try await waiting.count() == 0)
            let stored = try await repository.page(
                AnnotationQuery(projectID: try await database.rowID("projects"), limit: 1))
            #expect(stored.map(\.content.label) == ["late"])
            #expect(stored.map(\.content.score) == [0.25])
            #expect(stored.map(\.updatedAt) == [5])
        }
    }

    @Test("of waiting annotations with one name and identifier the newest counts")
    func replacement() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.document, database: database)
            let target = AnnotationTarget.span(SpanID(50))
            for (label, time) in [("newer", 9), ("older", 3)] as [(String, Int64)] {
                _ = try await repository.storeOrWait(
                    [.of(target, label: label, position: 1, time: time)], expiresAt: 100 * second)
            }
            try await store([late(50)], in: database)
            let outcome = try await WaitingAnnotations(database: database).examine(spansHaveCome: true, now: second)
            #expect(outcome.stored == 1)
            let label = try await database.read {
                try $0.query("SELECT label FROM document_annotations WHERE document_position = 1")[0].text(0)
            }
            #expect(label == "newer")
        }
    }

    @Test("the longer an annotation waits, the less often it is looked at")
    func backoff() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationRepository(.session, database: database)
            let waiting = WaitingAnnotations(database: database)
            _ = try await repository.storeOrWait([.of(.session("none"), time: 0)], expiresAt: 1000 * second)
            var looks = 0
            for time in 0..<300 {
                looks += try await waiting.examine(spansHaveCome: false, now: Int64(time) * second).examined
            }
            #expect((6...14).contains(looks))
        }
    }

    @Test("an annotation whose time is up is dropped and counted")
    func expiry() async throws {
        try await withAnnotatedSpans { database in
            let waiting = WaitingAnnotations(database: database)
            for subject in [AnnotationSubject.trace, .session] {
                let target = subject == .trace ? AnnotationTarget.trace(TraceID(high: 0, low: 99)) : .session("none")
                _ = try await AnnotationRepository(subject, database: database)
                    .storeOrWait([.of(target, time: 0)], expiresAt: 10 * second)
            }
            #expect(try await waiting.examine(spansHaveCome: false, now: 9 * second).dropped == [:])
            let outcome = try await waiting.examine(spansHaveCome: false, now: 80 * second)
            #expect(outcome.dropped == [.trace: 1, .session: 1])
            #expect(try await waiting.count() == 0)
        }
    }
}
