import Domain
import Messaging
import Storage
import Synchronization

/// What is told over the bus of spans that were stored: at once where little is stored, and else twenty times a second.
///
/// Single traces are stored in hundreds of transactions a second, and a message for each cost every api 8 % of a core.
final class ArrivalAnnouncements: Sendable {
    static let interval: Duration = .milliseconds(50)

    private struct News {
        var projectIDs: Set<Int64> = []
        var traceIDs: Set<TraceID> = []
    }

    private let news = Mutex(News())
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Does not block.
    func add(_ spans: CommittedSpans) {
        news.withLock { news in
            news.projectIDs.formUnion(spans.tracesByProject.keys)
            let room = SpansArrived.traceIDsMax - news.traceIDs.count
            news.traceIDs.formUnion(spans.tracesByProject.values.joined().prefix(room))
        }
        signal.yield()
    }

    /// Nothing is added any more; `run` tells the rest and returns.
    func finish() {
        signal.finish()
    }

    func run(publish: (SpansArrived) -> Void) async {
        for await _ in signals {
            tell(publish)
            try? await Task.sleep(for: Self.interval)
        }
        tell(publish)
    }

    private func tell(_ publish: (SpansArrived) -> Void) {
        let news = news.withLock { news in
            defer { news = News() }
            return news
        }
        guard !news.projectIDs.isEmpty else { return }
        publish(SpansArrived(projectIDs: news.projectIDs.sorted(), traceIDs: news.traceIDs.map(\.description)))
    }
}
