import Messaging
import Storage

extension SpanWriter {
    /// A writer as a service's settings want it, which tells of every commit over the bus. `onCommit` is for what the
    /// service itself does with one; it must not block.
    public convenience init(
        _ context: ServiceContext, writerCount: Int, onCommit: @escaping @Sendable (CommittedSpans) -> Void = { _ in }
    ) {
        var options = SpanWriter.Options()
        options.queueBytesMax = context.settings.ingest.queueBytesMax
        options.defaultProject = context.settings.network.defaultProjectName
        options.writerCount = writerCount
        // Keeps the rollup rows of instances apart that write at the same time.
        options.shardSeed = UInt64.random(in: 0...UInt64.max)
        self.init(
            database: context.database, options: options, logger: context.logger,
            costing: SpanCosting.by(context.prices),
            onCommit: { [bus = context.bus] spans in
                onCommit(spans)
                bus.publish(SpansArrived(spans))
            })
    }
}
