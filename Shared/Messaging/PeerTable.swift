import Domain

/// Which instances of the directory are taken to be running. An instance shows that it runs by changing its heartbeat:
/// clocks of hosts differ, so its own clock is believed only at first sight, and only to be quicker.
struct PeerTable {
    enum Change: Equatable {
        case connect(ServiceInstance)
        case disconnect(ServiceInstance)
    }

    private struct Entry {
        var instance: ServiceInstance
        var changedAt: ContinuousClock.Instant
        var isAlive: Bool
    }

    private let ownID: String
    private let silenceMax: Duration
    private var entries: [String: Entry] = [:]
    private var readAt: ContinuousClock.Instant?

    init(ownID: String, silenceMax: Duration) {
        self.ownID = ownID
        self.silenceMax = silenceMax
    }

    /// The other instances that run, oldest first.
    var alive: [ServiceInstance] {
        entries.values.filter(\.isAlive).map(\.instance).sorted { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
    }

    /// The instances that are in the directory but have been silent for so long.
    func silent(for duration: Duration, now: ContinuousClock.Instant) -> [ServiceInstance] {
        entries.values.filter { !$0.isAlive && now - $0.changedAt >= duration }.map(\.instance)
    }

    /// Takes in what the directory says now; `wallClock` is in nanoseconds since 1970-01-01T00:00:00Z.
    mutating func update(
        _ instances: [ServiceInstance], now: ContinuousClock.Instant, wallClock: Int64
    ) -> [Change] {
        forgiveGap(now: now)
        var changes: [Change] = []
        let present = Set(instances.map(\.id))
        for (id, entry) in entries where !present.contains(id) {
            if entry.isAlive { changes.append(.disconnect(entry.instance)) }
            entries[id] = nil
        }
        for instance in instances where instance.id != ownID {
            changes += update(instance, now: now, wallClock: wallClock)
        }
        return changes
    }

    private mutating func update(
        _ instance: ServiceInstance, now: ContinuousClock.Instant, wallClock: Int64
    ) -> [Change] {
        guard let known = entries[instance.id] else {
            let age = Duration.nanoseconds(wallClock.subtractingReportingOverflow(instance.heartbeatAt).partialValue)
            let isAlive = age < silenceMax && age > .zero - silenceMax
            entries[instance.id] = Entry(instance: instance, changedAt: now, isAlive: isAlive)
            return isAlive ? [.connect(instance)] : []
        }
        var entry = known
        entry.instance = instance
        if instance.heartbeatAt != known.instance.heartbeatAt {
            entry.changedAt = now
            entry.isAlive = true
        } else if now - entry.changedAt >= silenceMax {
            entry.isAlive = false
        }
        entries[instance.id] = entry
        let hasMoved =
            instance.endpointPublish != known.instance.endpointPublish
            || instance.endpointRequest != known.instance.endpointRequest
        switch (known.isAlive, entry.isAlive) {
        case (true, true): return hasMoved ? [.disconnect(known.instance), .connect(instance)] : []
        case (true, false): return [.disconnect(known.instance)]
        case (false, true): return [.connect(instance)]
        case (false, false): return []
        }
    }

    // While the directory could not be read, nobody could renew a heartbeat either: that time is nobody's silence.
    private mutating func forgiveGap(now: ContinuousClock.Instant) {
        defer { readAt = now }
        guard let readAt, now - readAt > silenceMax / 3 else { return }
        for id in entries.keys { entries[id]?.changedAt += now - readAt }
    }
}
