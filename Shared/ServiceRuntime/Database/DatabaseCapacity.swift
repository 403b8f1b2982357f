import Database
import Logging
import Observability
import ServiceLifecycle
import Storage
import Synchronization

/// Whether the database may take more data: measured now and then against the size from which on it may not
/// (`PHOENIX_DATABASE_USAGE_INSERTION_BLOCKING_THRESHOLD_PERCENTAGE`).
public final class DatabaseCapacity: Service {
    private static let interval: Duration = .seconds(15)

    private let database: Database
    private let gate: DatabaseGate
    private let bytesMax: Int64?
    private let interval: Duration
    private let logger: Logger
    private let size = Atomic<Int64>(0)

    /// `bytesMax` nil measures nothing and refuses nothing.
    public init(
        database: Database, gate: DatabaseGate, bytesMax: Int64?, metrics: MetricsRegistry, logger: Logger,
        interval: Duration? = nil
    ) {
        self.database = database
        self.gate = gate
        self.bytesMax = bytesMax
        self.logger = logger
        self.interval = interval ?? Self.interval
        guard let bytesMax else { return }
        metrics.gauge("bennu_database_bytes_max", "The database's size from which on writes are refused.") {
            Double(bytesMax)
        }
        metrics.gauge("bennu_database_bytes_used", "The database's size when it was last measured.") { [weak self] in
            Double(self?.bytesUsed ?? 0)
        }
    }

    /// The size when it was last measured.
    public var bytesUsed: Int64 { size.load(ordering: .relaxed) }

    /// Writes that add data are to be refused.
    public var isExhausted: Bool { bytesMax.map { bytesUsed >= $0 } ?? false }

    public func run() async throws {
        guard bytesMax != nil else {
            try? await gracefulShutdown()
            return
        }
        try? await cancelWhenGracefulShutdown {
            try await self.gate.wait()
            while !Task.isCancelled {
                await self.measure()
                try await Task.sleep(for: self.interval)
            }
        }
    }

    private func measure() async {
        let before = isExhausted
        do {
            size.store(try await database.read { try DatabaseSize.bytes(on: $0) }, ordering: .relaxed)
        } catch {
            logger.debug("the database's size could not be measured", metadata: ["error": "\(error)"])
        }
        guard isExhausted != before else { return }
        let metadata: Logger.Metadata = ["bytes": "\(bytesUsed)", "limit": "\(bytesMax ?? 0)"]
        if isExhausted {
            logger.error("the database is as large as it may become; writes are refused", metadata: metadata)
        } else {
            logger.notice("the database has room again", metadata: metadata)
        }
    }
}
