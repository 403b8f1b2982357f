import ServiceLifecycle
import Storage

/// Runs the span writer until the listeners before it have stopped, and then until all they admitted is written.
struct WriterService: Service {
    let writer: SpanWriter

    func run() async throws {
        await withGracefulShutdownHandler {
            await writer.run()
        } onGracefulShutdown: {
            writer.stop()
        }
    }
}
