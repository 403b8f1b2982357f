import CZeroMQ
import Domain
import Logging

/// All sockets of a process, and the loop of the one thread that may touch them.
///
/// An instance publishes on a PUB socket and takes requests on a ROUTER socket, both bound. It hears the others by one
/// SUB socket connected to all of them, and asks each by a DEALER socket of its own: one DEALER for all would neither let
/// it choose nor tell who is connected.
final class BusEngine {
    /// Messages that one socket may deliver before the others have their turn.
    private static let batchMax = 512

    let instance: String
    let limits: BusLimits
    let logger: Logger
    let sockets: BusSockets
    let shared: BusShared
    private let waker: Waker
    private let frames = FrameBuffer(capacity: 2)

    var counters = BusCounters()
    var peers = PeerSockets()
    var requests = RequestTable()
    var demands: UInt64 = 0
    private var subscribers: [String: [Subscriber]] = [:]
    private var isStopping = false
    private var isBusy = false

    init(instance: String, transport: BusTransport, limits: BusLimits, shared: BusShared, logger: Logger) throws {
        self.instance = instance
        self.limits = limits
        self.shared = shared
        self.logger = logger
        waker = try Waker()
        do {
            sockets = try BusSockets(transport: transport, instance: instance, limits: limits)
        } catch {
            waker.close()
            throw error
        }
        shared.mailbox.open(waker)
    }

    /// Works until it is told to stop; then every socket is closed and every waiting request has failed.
    func run() {
        while !isStopping {
            let contents = shared.mailbox.take()
            publish(contents)
            for command in contents.commands { perform(command) }
            expireRequests()
            shared.add(counters)
            counters = BusCounters()
            guard !isStopping else { break }
            poll(mayWait: contents.isEmpty && !isBusy)
        }
        close()
    }

    private func publish(_ contents: Mailbox.Contents) {
        for frame in contents.publications { sockets.publisher.send(frame) }
        counters.published += contents.publications.count
        counters.publishedDropped += contents.publicationsDropped
    }

    private func perform(_ command: BusCommand) {
        switch command {
        case .subscribe(let subscriber): subscribe(subscriber)
        case .unsubscribe(let id): unsubscribe(id)
        case .request(let request): accept(request)
        case .cancelRequest(let correlation):
            finish(correlation, with: .failure(CancellationError()))
        case .answer(let origin, let envelope): answer(origin, envelope)
        case .connect(let instance): connect(instance)
        case .disconnect(let id): disconnect(id)
        case .directoryRead(let demand): directoryRead(answering: demand)
        case .stop: isStopping = true
        }
    }

    private func close() {
        let left = shared.mailbox.close()
        publish(left)
        for command in left.commands {
            switch command {
            case .request(let request): request.continuation.resume(throwing: BusError.closed)
            case .subscribe(let subscriber): subscriber.channel.finish()
            case .answer(let origin, let envelope): answer(origin, envelope)
            case .unsubscribe, .cancelRequest, .connect, .disconnect, .directoryRead, .stop: break
            }
        }
        for request in requests.takeAll() { request.continuation.resume(throwing: BusError.closed) }
        for subscriber in subscribers.values.joined() { subscriber.channel.finish() }
        peers.closeAll()
        sockets.close()
        waker.close()
        shared.add(counters)
    }

    private func connect(_ peer: ServiceInstance) {
        do {
            try sockets.subscription.connect(peer.endpointPublish)
        } catch {
            // What it publishes is missed, which costs freshness only; it can still be asked.
            logger.debug("cannot hear a peer", metadata: ["peer": "\(peer.id)", "error": "\(error)"])
        }
        peers.remove(peer.id)
        peers.insert(peer)
        sendUnsent(of: peer.kind)
    }

    private func disconnect(_ id: String) {
        guard let peer = peers.instance(id) else { return }
        sockets.subscription.disconnect(peer.endpointPublish)
        if requests.isAwaiting(id) { peers.retire(id) } else { peers.remove(id) }
    }
}

// MARK: - Waiting and receiving

extension BusEngine {
    private func poll(mayWait: Bool) {
        let dealers = peers.dealers
        var items = [
            zmq_pollitem_t(socket: nil, fd: waker.readDescriptor, events: Int16(ZMQ_POLLIN), revents: 0),
            zmq_pollitem_t(socket: sockets.router.pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0),
            zmq_pollitem_t(socket: sockets.subscription.pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0),
        ]
        for dealer in dealers {
            let events = peers.isBlocked(dealer.id) ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN
            items.append(zmq_pollitem_t(socket: dealer.socket.pointer, fd: 0, events: Int16(events), revents: 0))
        }
        if let connectionGuard = sockets.connectionGuard {
            let pointer = connectionGuard.socket.pointer
            items.append(zmq_pollitem_t(socket: pointer, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
        }
        let result = zmq_poll(&items, Int32(items.count), mayWait ? millisecondsToDeadline : 0)
        shared.mailbox.readerIsAwake()
        isBusy = false
        guard result > 0 else { return }
        receive(items, dealers: dealers)
    }

    private func receive(_ items: [zmq_pollitem_t], dealers: [(id: String, kind: ServiceKind, socket: BusSocket)]) {
        let isReadable = { (position: Int) in items[position].revents & Int16(ZMQ_POLLIN) != 0 }
        if isReadable(0) { waker.clear() }
        if isReadable(1) { receiveRequests() }
        if isReadable(2) { receiveEvents() }
        for (position, dealer) in dealers.enumerated() {
            let item = items[3 + position]
            if item.revents & Int16(ZMQ_POLLIN) != 0 { receiveReplies(from: dealer.id, dealer.socket) }
            if item.revents & Int16(ZMQ_POLLOUT) != 0 {
                peers.setBlocked(dealer.id, false)
                sendUnsent(of: dealer.kind)
            }
        }
        if items.count > 3 + dealers.count, isReadable(items.count - 1) {
            counters.connectionsRefused += sockets.connectionGuard?.answer() ?? 0
        }
    }

    // One millisecond more: rounding down would make the last one a busy loop.
    private var millisecondsToDeadline: Int {
        guard let deadline = requests.deadlineMin else { return -1 }
        return max(0, Int((deadline - .now) / .milliseconds(1)) + 1)
    }

    /// Takes up to a batch of messages of `framesExpected` frames, of which the last is an envelope.
    private func receive(
        from socket: BusSocket, framesExpected: Int, kinds: Set<Envelope.Kind>, _ body: (Envelope) -> Void
    ) {
        var taken = 0
        while taken < Self.batchMax {
            guard frames.receive(from: socket) else { return }
            taken += 1
            guard frames.count == framesExpected,
                let envelope = try? Envelope(decoding: frames[framesExpected - 1]), kinds.contains(envelope.kind)
            else {
                counters.malformed += 1
                continue
            }
            body(envelope)
        }
        isBusy = true
    }

    private func receiveEvents() {
        var batches: [UInt64: (channel: BatchChannel<[UInt8]>, bodies: [[UInt8]])] = [:]
        receive(from: sockets.subscription, framesExpected: 1, kinds: [.event]) { event in
            counters.received += 1
            guard let readers = subscribers[event.topic] else {
                counters.unknownTopic += 1
                return
            }
            var isRead = false
            for reader in readers where reader.messageVersion == event.messageVersion {
                batches[reader.id, default: (reader.channel, [])].bodies.append(event.body)
                isRead = true
            }
            if !isRead { counters.unknownVersion += 1 }
        }
        for batch in batches.values { counters.receivedDropped += batch.channel.push(batch.bodies).count }
    }

    private func receiveRequests() {
        var batch: [IncomingRequest] = []
        let now = ContinuousClock.now
        receive(from: sockets.router, framesExpected: 2, kinds: [.request]) { request in
            let deadline = now + .milliseconds(Int64(request.millisecondsLeft))
            batch.append(
                IncomingRequest(
                    origin: RequestOrigin(routingID: Array(frames[0])), envelope: request, deadline: deadline))
        }
        guard !batch.isEmpty else { return }
        counters.requestsReceived += batch.count
        for request in shared.incoming.push(batch) {
            counters.requestsRefused += 1
            answer(request.origin, request.envelope.refusal("\(instance) takes no requests now", from: instance))
        }
    }

    private func receiveReplies(from peer: String, _ dealer: BusSocket) {
        receive(from: dealer, framesExpected: 1, kinds: [.reply, .failure, .refusal]) { reply in
            take(reply, from: peer)
        }
        closeIfRetired(peer)
    }

    private func answer(_ origin: RequestOrigin, _ envelope: Envelope) {
        guard sockets.router.send(origin.routingID, hasMore: true) else { return }
        sockets.router.send(envelope.encoded())
    }
}

// MARK: - Subscriptions

extension BusEngine {
    private func subscribe(_ subscriber: Subscriber) {
        let prefix = Envelope.subscriptionPrefix(topic: subscriber.topic)
        do {
            try sockets.subscription.set(ZMQ_SUBSCRIBE, bytes: prefix)
            subscribers[subscriber.topic, default: []].append(subscriber)
        } catch {
            subscriber.channel.finish()
        }
    }

    // ZeroMQ counts how often a prefix was subscribed to, so that each may be taken back by itself.
    private func unsubscribe(_ id: UInt64) {
        for (topic, readers) in subscribers where readers.contains(where: { $0.id == id }) {
            try? sockets.subscription.set(ZMQ_UNSUBSCRIBE, bytes: Envelope.subscriptionPrefix(topic: topic))
            let left = readers.filter { $0.id != id }
            subscribers[topic] = left.isEmpty ? nil : left
        }
    }
}
