import Messaging
import ServiceLifecycle
import Storage

/// Runs a span writer until the listeners before it have stopped, and then until all they admitted is written. Tells over
/// the bus what was.
public struct SpanWriterService: Service {
    public let writer: SpanWriter
    private let announcements: ArrivalAnnouncements
    private let bus: MessageBus

    /// A writer as a service's settings want it. `onCommit` is for what the service itself does after each transaction; it
    /// must not block.
    public init(
        _ context: ServiceContext, writerCount: Int, onCommit: @escaping @Sendable (CommittedSpans) -> Void = { _ in }
    ) {
        var options = SpanWriter.Options()
        options.queueBytesMax = context.settings.ingest.queueBytesMax
        options.defaultProject = context.settings.network.defaultProjectName
        options.writerCount = writerCount
        // Keeps the rollup rows of instances apart that write at the same time.
        options.shardSeed = UInt64.random(in: 0...UInt64.max)
        let announcements = ArrivalAnnouncements()
        writer = SpanWriter(
            database: context.database, options: options, logger: context.logger,
            costing: SpanCosting.by(context.prices),
            onCommit: { spans in
                onCommit(spans)
                announcements.add(spans)
            })
        self.announcements = announcements
        bus = context.bus
    }

    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await announcements.run { bus.publish($0) } }
            await withGracefulShutdownHandler {
                await writer.run()
            } onGracefulShutdown: {
                writer.stop()
            }
            announcements.finish()
        }
    }
}
