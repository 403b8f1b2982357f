import Domain

/// The connections to other instances.
struct PeerSockets {
    private struct Peer {
        let instance: ServiceInstance
        /// Made when its kind is first asked.
        var dealer: BusSocket?
        /// It took no message: it is not connected, or has too much to read.
        var isBlocked = false
        /// It is gone from the directory, but answers are still awaited from it.
        var isRetiring = false
    }

    private var peers: [String: Peer] = [:]
    private var order: [ServiceKind: [String]] = [:]
    private var turn: [ServiceKind: Int] = [:]

    /// All sockets to poll, with the instances behind them.
    var dealers: [(id: String, kind: ServiceKind, socket: BusSocket)] {
        peers.compactMap { id, peer in peer.dealer.map { (id, peer.instance.kind, $0) } }
    }

    func contains(kind: ServiceKind) -> Bool { !(order[kind] ?? []).isEmpty }

    func instance(_ id: String) -> ServiceInstance? { peers[id]?.instance }

    func isRetiring(_ id: String) -> Bool { peers[id]?.isRetiring ?? false }

    /// Whether it is worth knowing when this instance takes messages again.
    func isBlocked(_ id: String) -> Bool { peers[id]?.isBlocked ?? false }

    mutating func setBlocked(_ id: String, _ isBlocked: Bool) {
        peers[id]?.isBlocked = isBlocked
    }

    mutating func insert(_ instance: ServiceInstance) {
        peers[instance.id] = Peer(instance: instance)
        order[instance.kind, default: []].append(instance.id)
    }

    /// No new requests go to this instance.
    mutating func retire(_ id: String) {
        guard let kind = peers[id]?.instance.kind else { return }
        peers[id]?.isRetiring = true
        order[kind]?.removeAll { $0 == id }
    }

    mutating func remove(_ id: String) {
        retire(id)
        peers.removeValue(forKey: id)?.dealer?.close()
    }

    /// The instances of a kind, each call beginning with the next one, so that requests go round.
    mutating func inTurn(_ kind: ServiceKind) -> [String] {
        guard let ids = order[kind], !ids.isEmpty else { return [] }
        let start = turn[kind, default: 0] % ids.count
        turn[kind] = start + 1
        return Array(ids[start...] + ids[..<start])
    }

    /// The socket that asks this instance; it is opened by the first call.
    mutating func dealer(to id: String, sockets: BusSockets) throws(BusError) -> BusSocket? {
        guard let peer = peers[id] else { return nil }
        if let dealer = peer.dealer { return dealer }
        let dealer = try sockets.openDealer(to: peer.instance.endpointRequest)
        peers[id]?.dealer = dealer
        return dealer
    }

    mutating func closeAll() {
        for peer in peers.values { peer.dealer?.close() }
        self = PeerSockets()
    }
}
