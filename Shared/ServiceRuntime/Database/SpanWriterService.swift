import ServiceLifecycle
import Storage

/// Runs the span writer until the listeners before it have stopped, and then until all they admitted is written.
public struct SpanWriterService: Service {
    private let writer: SpanWriter

    public init(writer: SpanWriter) {
        self.writer = writer
    }

    public func run() async throws {
        await withGracefulShutdownHandler {
            await writer.run()
        } onGracefulShutdown: {
            writer.stop()
        }
    }
}
