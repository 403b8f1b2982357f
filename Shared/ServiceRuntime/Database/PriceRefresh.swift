import Logging
import Messaging
import ServiceLifecycle
import Storage

/// Keeps the prices up with the database: at the start, when the bus says that models have changed, and each minute, should
/// a message be lost.
struct PriceRefresh: Service {
    private static let interval: Duration = .seconds(60)

    let prices: CurrentPrices
    let models: ModelRepository
    let bus: MessageBus
    let gate: DatabaseGate
    let logger: Logger

    init(_ context: ServiceContext) {
        prices = context.prices
        models = ModelRepository(database: context.database)
        bus = context.bus
        gate = context.gate
        logger = context.logger
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await gate.wait()
            let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in bus.subscribe(ModelsChanged.self) { signal.yield() } }
                group.addTask {
                    while !Task.isCancelled {
                        signal.yield()
                        try? await Task.sleep(for: Self.interval)
                    }
                }
                defer { group.cancelAll() }
                for await _ in signals { await refresh() }
            }
        }
    }

    /// A database that is away is asked again in a minute; spans cost by the last known prices until then.
    private func refresh() async {
        do {
            if try await prices.refresh(from: models) { logger.info("prices of models have changed") }
        } catch {
            logger.debug("prices could not be read", metadata: ["error": "\(error)"])
        }
    }
}
