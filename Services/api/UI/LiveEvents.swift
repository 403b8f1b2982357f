import Messaging
import ServiceLifecycle
import Synchronization

/// Who watches which project, and what has happened there since they were told last.
///
/// Each watcher's news is one small set: a page that reads slowly gets fewer, larger messages and costs no memory.
final class LiveEvents: Sendable {
    /// The most trace ids that one message names; a page that misses some reads the list anew anyway.
    static let traceIDsMax = 100

    struct Watcher: Sendable {
        let id: Int
        /// Something has happened; what, `takeNews` tells.
        let signals: AsyncStream<Void>
    }

    private struct Watch {
        /// Nil watches every project.
        var projectID: Int64?
        var traceIDs: Set<String> = []
        var hasNews = false
        var signal: AsyncStream<Void>.Continuation
    }

    private struct State {
        var watches: [Int: Watch] = [:]
        var nextID = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    func watch(projectID: Int64?) -> Watcher {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        return state.withLock { state in
            state.nextID += 1
            state.watches[state.nextID] = Watch(projectID: projectID, signal: signal)
            if state.isClosed { signal.finish() }
            return Watcher(id: state.nextID, signals: signals)
        }
    }

    func stopWatching(_ id: Int) {
        let watch = state.withLock { $0.watches.removeValue(forKey: id) }
        watch?.signal.finish()
    }

    /// What has happened since the last call; nil for nothing.
    func takeNews(_ id: Int) -> [String]? {
        state.withLock { state in
            guard let watch = state.watches[id], watch.hasNews else { return nil }
            state.watches[id]?.traceIDs = []
            state.watches[id]?.hasNews = false
            return watch.traceIDs.sorted()
        }
    }

    func tell(_ message: SpansArrived) {
        state.withLock { state in
            for (id, watch) in state.watches where watch.projectID.map(message.projectIDs.contains) ?? true {
                // A message names the traces of all its projects; a page passes over those that it does not show.
                let room = Self.traceIDsMax - watch.traceIDs.count
                if room > 0 { state.watches[id]?.traceIDs.formUnion(message.traceIDs.prefix(room)) }
                state.watches[id]?.hasNews = true
                watch.signal.yield()
            }
        }
    }

    /// Ends every stream, so that a server that stops need not wait for open pages.
    func close() {
        state.withLock { state in
            state.isClosed = true
            for watch in state.watches.values { watch.signal.finish() }
        }
    }
}

/// Hands what collectors tell to those who watch.
struct LiveService: Service {
    let events: LiveEvents
    let bus: MessageBus

    func run() async throws {
        let messages = bus.subscribe(SpansArrived.self)
        await withGracefulShutdownHandler {
            for await message in messages.cancelOnGracefulShutdown() { events.tell(message) }
        } onGracefulShutdown: {
            events.close()
        }
    }
}
