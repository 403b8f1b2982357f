import Domain
import Messaging
import Storage
import Synchronization
import Testing

@testable import ServiceRuntime

@Suite struct ArrivalAnnouncementsTests {
    private func committed(_ traces: [Int64: [UInt64]]) -> CommittedSpans {
        CommittedSpans(
            spanCount: 1, tracesByProject: traces.mapValues { $0.map { TraceID(high: 1, low: $0) } })
    }

    /// What is told of `commits`, which all come before anybody listens.
    private func told(of commits: [CommittedSpans]) async -> [SpansArrived] {
        let announcements = ArrivalAnnouncements()
        for each in commits { announcements.add(each) }
        announcements.finish()
        var told: [SpansArrived] = []
        await announcements.run { told.append($0) }
        return told
    }

    @Test func whatComesCloseTogetherIsToldInOneMessage() async {
        let told = await told(of: [committed([2: [7]]), committed([1: [7, 8]]), committed([2: [9]])])
        #expect(told.map(\.projectIDs) == [[1, 2]])
        let ids = [7, 8, 9].map { TraceID(high: 1, low: $0).description }
        #expect(told.first?.traceIDs.sorted() == ids)
    }

    @Test func aMessageNamesNoMoreTracesThanItMay() async {
        let told = await told(of: (0..<3).map { round in committed([1: (0..<60).map { round * 100 + $0 }]) })
        #expect(told.map(\.traceIDs.count) == [SpansArrived.traceIDsMax])
    }

    @Test func nothingIsToldOfNothing() async {
        #expect(await told(of: []).isEmpty)
    }

    @Test func whatComesLaterIsToldToo() async {
        let announcements = ArrivalAnnouncements()
        let (messages, message) = AsyncStream.makeStream(of: SpansArrived.self)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await announcements.run { message.yield($0) } }
            var heard = messages.makeAsyncIterator()
            for project in Int64(1)...3 {
                announcements.add(committed([project: [UInt64(project)]]))
                #expect(await heard.next()?.projectIDs == [project])
            }
            announcements.finish()
        }
    }
}
