import Domain

/// Requests of this process on their way to one instance of a kind.
extension BusEngine {
    func accept(_ request: PendingRequest) {
        guard requests.count < limits.requestsPendingMax else {
            request.continuation.resume(throwing: BusError.overloaded)
            return
        }
        requests.insert(request)
        dispatch(request)
    }

    /// Sends a request to the next instance that is connected and has not refused it. It is not sent again after that: the
    /// instance may have carried it out without being able to say so.
    private func dispatch(_ pending: PendingRequest) {
        var request = pending
        guard peers.contains(kind: request.kind) else {
            awaitDirectory(request)
            return
        }
        let candidates = peers.inTurn(request.kind).filter { !request.refusedBy.contains($0) }
        guard !candidates.isEmpty else {
            finish(request.correlation, with: .failure(BusError.remote(request.refusal)))
            return
        }
        for candidate in candidates where send(request, to: candidate) {
            counters.requestsSent += 1
            request.state = .sent(instance: candidate)
            requests.update(request)
            return
        }
        request.state = .unsent
        requests.update(request)
    }

    private func send(_ request: PendingRequest, to peer: String) -> Bool {
        do {
            guard let dealer = try peers.dealer(to: peer, sockets: sockets) else { return false }
            let left = (request.deadline - .now) / .milliseconds(1)
            let envelope = Envelope(
                kind: .request, topic: request.topic, messageVersion: request.messageVersion, sender: instance,
                correlation: request.correlation, millisecondsLeft: UInt32(max(1, min(left, 1e9))), body: request.body)
            let isSent = dealer.send(envelope.encoded())
            peers.setBlocked(peer, !isSent)
            return isSent
        } catch {
            logger.debug("cannot ask a peer", metadata: ["peer": "\(peer)", "error": "\(error)"])
            return false
        }
    }

    func sendUnsent(of kind: ServiceKind) {
        for request in requests.takeUnsent(of: kind) { dispatch(request) }
        for request in requests.awaitingDirectory(upTo: .max) where request.kind == kind { dispatch(request) }
    }

    private func awaitDirectory(_ pending: PendingRequest) {
        var request = pending
        demands += 1
        request.state = .awaitingDirectory(demand: demands)
        requests.update(request)
        shared.demandDirectory(demands)
    }

    /// The directory was read, or could not be: who has nobody to ask by now need not wait for it.
    func directoryRead(answering demand: UInt64) {
        for request in requests.awaitingDirectory(upTo: demand) {
            if peers.contains(kind: request.kind) {
                dispatch(request)
            } else {
                finish(request.correlation, with: .failure(BusError.noPeer(request.kind)))
            }
        }
    }

    func take(_ reply: Envelope, from peer: String) {
        // One that is unknown was answered too late, or cancelled.
        guard var request = requests[reply.correlation], case .sent(peer) = request.state else { return }
        switch reply.kind {
        case .reply: finish(reply.correlation, with: .success(reply.body))
        case .failure: finish(reply.correlation, with: .failure(BusError.remote(reply.text)))
        case .refusal:
            request.refusedBy.insert(peer)
            request.refusal = reply.text
            dispatch(request)
        case .event, .request: break
        }
    }

    func expireRequests() {
        guard let deadline = requests.deadlineMin, deadline <= .now else { return }
        for request in requests.takeExpired(now: .now) {
            request.continuation.resume(throwing: request.timeoutError)
            if case .sent(let peer) = request.state { closeIfRetired(peer) }
        }
    }

    func finish(_ correlation: UInt64, with result: Result<[UInt8], any Error>) {
        guard let request = requests.remove(correlation) else { return }
        request.continuation.resume(with: result)
    }

    func closeIfRetired(_ peer: String) {
        guard peers.isRetiring(peer), !requests.isAwaiting(peer) else { return }
        peers.remove(peer)
    }
}

extension Envelope {
    /// A body that is words.
    var text: String { String(decoding: body, as: UTF8.self) }

    func reply(_ body: [UInt8], from sender: String) -> Envelope {
        Envelope(
            kind: .reply, topic: topic, messageVersion: messageVersion, sender: sender, correlation: correlation,
            body: body)
    }

    func failure(_ reason: String, from sender: String) -> Envelope {
        Envelope(
            kind: .failure, topic: topic, messageVersion: messageVersion, sender: sender, correlation: correlation,
            body: Array(reason.utf8))
    }

    func refusal(_ reason: String, from sender: String) -> Envelope {
        Envelope(
            kind: .refusal, topic: topic, messageVersion: messageVersion, sender: sender, correlation: correlation,
            body: Array(reason.utf8))
    }
}
