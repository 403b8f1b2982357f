import Logging
import Synchronization

/// Hands the requests of other services to their handlers, a bounded number at a time.
final class RequestServer: Sendable {
    typealias Handler = @Sendable (_ body: [UInt8]) async throws -> [UInt8]

    private struct Key: Hashable {
        var topic: String
        var messageVersion: Int
    }

    private let handlers = Mutex<[Key: Handler]>([:])
    private let instance: String
    private let shared: BusShared
    private let limits: BusLimits
    private let logger: Logger

    init(instance: String, shared: BusShared, limits: BusLimits, logger: Logger) {
        self.instance = instance
        self.shared = shared
        self.limits = limits
        self.logger = logger
    }

    func register(topic: String, messageVersion: Int, _ handler: @escaping Handler) {
        handlers.withLock { $0[Key(topic: topic, messageVersion: messageVersion)] = handler }
    }

    /// Serves until no more requests come and all handlers have returned.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            while let batch = await shared.incoming.next() {
                for request in batch {
                    if running == limits.handlersRunningMax {
                        await group.next()
                        running -= 1
                    }
                    group.addTask { await self.serve(request) }
                    running += 1
                }
            }
        }
    }

    private func serve(_ request: IncomingRequest) async {
        // Nobody waits for it any more, and whoever asked may have asked again.
        guard request.deadline > .now else {
            shared.count { $0.requestsRefused += 1 }
            return
        }
        let answer = await answer(request.envelope)
        _ = shared.mailbox.post(.answer(request.origin, answer))
    }

    private func answer(_ request: Envelope) async -> Envelope {
        let key = Key(topic: request.topic, messageVersion: request.messageVersion)
        let (handler, isTopicKnown) = handlers.withLock { handlers in
            (handlers[key], handlers.keys.contains { $0.topic == key.topic })
        }
        guard let handler else {
            shared.count { if isTopicKnown { $0.unknownVersion += 1 } else { $0.unknownTopic += 1 } }
            return request.refusal("\(key.topic) of version \(key.messageVersion) is not served here", from: instance)
        }
        do {
            let body = try await handler(request.body)
            guard body.count <= limits.messageBytesMax else { throw BusError.tooLarge(bytes: body.count) }
            return request.reply(body, from: instance)
        } catch {
            logger.debug("request failed", metadata: ["topic": "\(request.topic)", "error": "\(error)"])
            return request.failure(Self.reason(error), from: instance)
        }
    }

    // An error's own text may quote what must not leave the process: only what a handler says on purpose travels.
    private static func reason(_ error: any Error) -> String {
        if case BusError.remote(let text) = error { return text }
        return "the handler failed (\(type(of: error)))"
    }
}
