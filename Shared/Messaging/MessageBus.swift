import Domain
import Logging
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How a service talks to the others: it publishes to all of them, asks one of a kind, and answers.
///
/// One thread owns all sockets of a bus, and nothing that a peer does or fails to do blocks or ends a caller. A published
/// message may be lost (nobody is connected, a reader is slow); a request is sent to one instance once.
public final class MessageBus: Sendable {
    public let kind: ServiceKind
    public let instance: String
    public let version: String

    private let transport: BusTransport
    private let directory: any ServiceDirectory
    private let limits: BusLimits
    private let logger: Logger
    private let shared: BusShared
    private let server: RequestServer
    private let stopping: (signal: AsyncStream<Void>, send: AsyncStream<Void>.Continuation)
    private let state = Mutex(State())

    private struct State {
        var phase = Phase.new
        var presence: Presence?
        var lastNumber: UInt64 = 0
    }

    private enum Phase {
        case new
        case running
        case stopped
    }

    /// - Parameters:
    ///   - instance: names this process among all of the deployment; new at every start, fit for a file name.
    ///   - version: of the program, for others to see.
    public convenience init(
        kind: ServiceKind, instance: String, version: String = "", transport: BusTransport,
        directory: any ServiceDirectory, logger: Logger
    ) {
        self.init(
            kind: kind, instance: instance, version: version, transport: transport, directory: directory,
            limits: BusLimits(), logger: logger)
    }

    init(
        kind: ServiceKind, instance: String, version: String, transport: BusTransport,
        directory: any ServiceDirectory, limits: BusLimits, logger: Logger
    ) {
        self.kind = kind
        self.instance = instance
        self.version = version
        self.transport = transport
        self.directory = directory
        self.limits = limits
        self.logger = logger
        shared = BusShared(limits: limits)
        server = RequestServer(instance: instance, shared: shared, limits: limits, logger: logger)
        let (signal, send) = AsyncStream<Void>.makeStream()
        stopping = (signal, send)
        servePing()
    }

    /// What the bus has done so far.
    public var counters: BusCounters { shared.counters }

    /// The other instances that run, of every kind, as far as the directory has told; oldest first.
    public var peers: [ServiceInstance] { state.withLock { $0.presence }?.peers ?? [] }

    /// Sends a message to all other instances that listen to its kind. Returns at once, and says nothing if it is lost;
    /// before `run` it waits until the bus runs.
    public func publish<M: BusMessage>(_ message: M) {
        guard let body = try? JSONEncoder.bus.encode(message), body.count <= limits.messageBytesMax else {
            logger.debug("message not published: too large, or it does not encode", metadata: ["topic": "\(M.topic)"])
            shared.mailbox.countDroppedPublication()
            return
        }
        let envelope = Envelope(
            kind: .event, topic: M.topic, messageVersion: M.version, sender: instance, body: Array(body))
        shared.mailbox.publish(envelope.encoded())
    }

    /// The messages of a type that other instances publish from now on. A reader that falls behind loses the oldest; the
    /// stream ends with the bus. One task may read it.
    public func subscribe<M: BusMessage>(_ type: M.Type) -> AsyncStream<M> {
        let id = nextNumber()
        let channel = BatchChannel<[UInt8]>(countMax: limits.subscriptionMessagesMax, overflow: .dropsOldest)
        let subscriber = Subscriber(id: id, topic: M.topic, messageVersion: M.version, channel: channel)
        if !shared.mailbox.post(.subscribe(subscriber)) { channel.finish() }
        let subscription = Subscription(channel: channel) { [shared] in
            _ = shared.mailbox.post(.unsubscribe(id: id))
        }
        return AsyncStream { [shared] in
            await subscription.next { body in
                if let message = try? JSONDecoder.bus.decode(M.self, from: Data(body)) { return message }
                shared.count { $0.malformed += 1 }
                return nil
            }
        } onCancel: {
            subscription.finish()
        }
    }

    /// Asks one running instance of a kind, each in its turn, and returns its answer.
    ///
    /// It goes to another instance only where the first certainly did not look at it. Throws `BusError`, and
    /// `CancellationError` when the task is cancelled; the request may be carried out nevertheless.
    public func request<R: BusRequest>(_ request: R, of kind: ServiceKind, timeout: Duration) async throws -> R.Reply {
        let deadline = ContinuousClock.now + timeout
        let body = Array(try JSONEncoder.bus.encode(request))
        guard body.count <= limits.messageBytesMax else { throw BusError.tooLarge(bytes: body.count) }
        try await waitUntilRunning(deadline: deadline, kind: kind)
        let answer = try await send(
            topic: R.topic, messageVersion: R.version, body: body, to: kind, deadline: deadline)
        do {
            return try JSONDecoder.bus.decode(R.Reply.self, from: Data(answer))
        } catch {
            shared.count { $0.malformed += 1 }
            throw BusError.malformedReply
        }
    }

    /// Answers requests of a type from now on; a later handler of the same type takes the place of the earlier one.
    /// Handlers run side by side, and are cancelled when the bus stops before they return. Of the errors that they throw
    /// only a `BusError.remote` shows its text to the requester.
    public func serve<R: BusRequest>(_ type: R.Type, _ handler: @Sendable @escaping (R) async throws -> R.Reply) {
        server.register(topic: R.topic, messageVersion: R.version) { [shared] body in
            guard let request = try? JSONDecoder.bus.decode(R.self, from: Data(body)) else {
                shared.count { $0.malformed += 1 }
                throw BusError.remote("the request does not decode as \(R.topic) of version \(R.version)")
            }
            return Array(try JSONEncoder.bus.encode(try await handler(request)))
        }
    }

    /// Opens the sockets and works until `stop` is called or the task is cancelled; everything is closed when it returns,
    /// in less than a second. Throws `BusError.transport` if it cannot listen. May be called once.
    public func run() async throws {
        // Stopping takes tasks that are not cancelled: it withdraws from the directory and lets handlers finish.
        let work = Task { try await runUntilStopped() }
        try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            stop()
        }
    }

    /// Ends `run`, or makes it return at once where it has not begun. May be called at any time, and more than once.
    public func stop() {
        stopping.send.finish()
        let hasNotBegun = state.withLock { state in
            guard state.phase == .new else { return false }
            state.phase = .stopped
            return true
        }
        if hasNotBegun { close() }
    }
}

// MARK: - Running

extension MessageBus {
    private func runUntilStopped() async throws {
        let before = state.withLock { state in
            defer { if state.phase == .new { state.phase = .running } }
            return state.phase
        }
        precondition(before != .running, "a message bus runs once")
        guard before == .new else { return }
        defer { close() }
        let thread = try await BusThread.start(
            instance: instance, transport: transport, limits: limits, shared: shared, logger: logger)
        let presence = makePresence(thread)
        state.withLock { $0.presence = presence }
        let serving = Task { await server.run() }
        await withTaskGroup { group in
            group.addTask { await presence.announceRepeatedly() }
            group.addTask { await presence.followDirectory() }
            for await _ in stopping.signal {}
            group.cancelAll()
        }
        await drain(presence, serving)
        _ = shared.mailbox.post(.stop)
        await thread.join()
    }

    /// Nobody is to choose this instance any more; what it has begun may end.
    private func drain(_ presence: Presence, _ serving: Task<Void, Never>) async {
        shared.incoming.finish()
        async let withdrawal: Void = waitAtMost(limits.drainMax) { await presence.withdraw() }
        await waitAtMost(limits.drainMax) { await serving.value }
        serving.cancel()
        await withdrawal
    }

    private func close() {
        state.withLock { $0.phase = .stopped }
        for command in shared.mailbox.close().commands {
            if case .request(let request) = command { request.continuation.resume(throwing: BusError.closed) }
            if case .subscribe(let subscriber) = command { subscriber.channel.finish() }
        }
    }

    private func makePresence(_ thread: BusThread) -> Presence {
        let now = SystemClock.now()
        let own = ServiceInstance(
            id: instance, kind: kind, version: version, endpointPublish: thread.endpoints.publish,
            endpointRequest: thread.endpoints.request, startedAt: now, heartbeatAt: now)
        return Presence(
            own: own, directory: directory, shared: shared, folder: thread.folder, limits: limits, logger: logger)
    }

    private func servePing() {
        let startedAt = ContinuousClock.now
        serve(Ping.self) { [kind, instance, version] _ in
            Pong(
                kind: kind, instance: instance, version: version,
                uptime: (ContinuousClock.now - startedAt) / .seconds(1))
        }
    }
}

// MARK: - Requests

extension MessageBus {
    // Services start side by side: one may ask before this bus has its thread, which is what watches the time.
    private func waitUntilRunning(deadline: ContinuousClock.Instant, kind: ServiceKind) async throws {
        while true {
            switch state.withLock({ $0.phase }) {
            case .running: return
            case .stopped: throw BusError.closed
            case .new: break
            }
            guard ContinuousClock.now < deadline else { throw BusError.noPeer(kind) }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func send(
        topic: String, messageVersion: Int, body: [UInt8], to kind: ServiceKind, deadline: ContinuousClock.Instant
    ) async throws -> [UInt8] {
        let correlation = nextNumber()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let request = PendingRequest(
                    correlation: correlation, kind: kind, topic: topic, messageVersion: messageVersion, body: body,
                    deadline: deadline, continuation: continuation)
                guard shared.mailbox.post(.request(request)) else {
                    continuation.resume(throwing: BusError.closed)
                    return
                }
                // The handler below may have run before the request was posted.
                if Task.isCancelled { _ = shared.mailbox.post(.cancelRequest(correlation: correlation)) }
            }
        } onCancel: {
            _ = shared.mailbox.post(.cancelRequest(correlation: correlation))
        }
    }

    private func nextNumber() -> UInt64 {
        state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }
}

extension JSONEncoder {
    /// Never changed after it is made, so that all tasks may share it.
    fileprivate static let bus = JSONEncoder()
}

extension JSONDecoder {
    fileprivate static let bus = JSONDecoder()
}
