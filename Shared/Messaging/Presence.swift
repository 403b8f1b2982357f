import Domain
import Logging
import Synchronization

/// Keeps this instance's entry in the directory fresh, and the bus connected to those who are there.
final class Presence: Sendable {
    private let own: ServiceInstance
    private let directory: any ServiceDirectory
    private let shared: BusShared
    private let folder: SocketFolder?
    private let limits: BusLimits
    private let logger: Logger
    private let known = Mutex<[ServiceInstance]>([])

    init(
        own: ServiceInstance, directory: any ServiceDirectory, shared: BusShared, folder: SocketFolder?,
        limits: BusLimits, logger: Logger
    ) {
        self.own = own
        self.directory = directory
        self.shared = shared
        self.folder = folder
        self.limits = limits
        self.logger = logger
    }

    /// The other instances that run, as far as the directory has told.
    var peers: [ServiceInstance] { known.withLock { $0 } }

    /// Tells the directory that this instance runs, until the task is cancelled.
    func announceRepeatedly() async {
        var instance = own
        while !Task.isCancelled {
            instance.heartbeatAt = SystemClock.now()
            var pause = limits.heartbeatInterval
            do {
                try await directory.announce(instance)
            } catch {
                logger.debug("cannot announce", metadata: ["error": "\(error)"])
                pause = min(pause, limits.refreshIntervalMax)
            }
            try? await Task.sleep(for: pause)
        }
    }

    /// Follows the directory until the task is cancelled.
    func followDirectory() async {
        await withTaskGroup { group in
            group.addTask { await self.tick() }
            var table = PeerTable(ownID: own.id, silenceMax: limits.silenceMax)
            while let events = await shared.directoryEvents.next() {
                let demand = events.lazy.map(\.demand).max() ?? 0
                await read(into: &table)
                _ = shared.mailbox.post(.directoryRead(answering: demand))
                // A burst of requests without a peer is not to become a burst of queries.
                if demand > 0 { try? await Task.sleep(for: limits.refreshOnDemandIntervalMin) }
            }
            group.cancelAll()
        }
    }

    func withdraw() async {
        try? await directory.withdraw(id: own.id)
    }

    private func tick() async {
        var interval = limits.refreshIntervalMin
        while !Task.isCancelled {
            shared.directoryEvents.push([.tick])
            try? await Task.sleep(for: interval)
            interval = min(interval * 2, limits.refreshIntervalMax)
        }
    }

    // Where the directory does not answer, everything stays connected as it is.
    private func read(into table: inout PeerTable) async {
        do {
            let instances = try await directory.instances()
            let now = ContinuousClock.now
            for change in table.update(instances, now: now, wallClock: SystemClock.now()) {
                switch change {
                case .connect(let peer): _ = shared.mailbox.post(.connect(peer))
                case .disconnect(let peer): _ = shared.mailbox.post(.disconnect(id: peer.id))
                }
            }
            let alive = table.alive
            known.withLock { $0 = alive }
            await removeDead(table, now: now)
        } catch {
            logger.debug("cannot read the directory", metadata: ["error": "\(error)"])
        }
    }

    private func removeDead(_ table: PeerTable, now: ContinuousClock.Instant) async {
        let longSilent = Set(table.silent(for: limits.withdrawalDelay, now: now).map(\.id))
        for instance in table.silent(for: limits.silenceMax, now: now) {
            let isDead = folder?.removeIfDead(instance) ?? false
            guard isDead || longSilent.contains(instance.id) else { continue }
            logger.debug("removing a dead instance", metadata: ["peer": "\(instance.id)"])
            try? await directory.withdraw(id: instance.id)
        }
    }
}

extension DirectoryEvent {
    fileprivate var demand: UInt64 {
        switch self {
        case .tick: 0
        case .demand(let number): number
        }
    }
}
