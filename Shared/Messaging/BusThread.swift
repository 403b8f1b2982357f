import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The thread that owns the sockets of a bus: they wait for the network, which a task's thread must not do.
struct BusThread: Sendable {
    let endpoints: BusEndpoints
    let folder: SocketFolder?
    private let ended: AsyncStream<Void>

    /// Opens the sockets and returns when they listen.
    static func start(
        instance: String, transport: BusTransport, limits: BusLimits, shared: BusShared, logger: Logger
    ) async throws -> BusThread {
        let (ended, end) = AsyncStream<Void>.makeStream()
        let (endpoints, folder) = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<(BusEndpoints, SocketFolder?), any Error>) in
            spawn(name: "bennu-bus") {
                defer { end.finish() }
                do {
                    let engine = try BusEngine(
                        instance: instance, transport: transport, limits: limits, shared: shared, logger: logger)
                    continuation.resume(returning: (engine.sockets.endpoints, engine.sockets.folder))
                    engine.run()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
        return BusThread(endpoints: endpoints, folder: folder, ended: ended)
    }

    /// Returns when the sockets are closed.
    func join() async {
        for await _ in ended {}
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    private static func spawn(name: String, _ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        #if canImport(Glibc)
            var thread = pthread_t()
        #else
            var thread: pthread_t?
        #endif
        let result = pthread_create(
            &thread, &attributes,
            { pointer in
                #if canImport(Glibc)
                    let pointer = pointer.unsafelyUnwrapped
                #endif
                Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        precondition(result == 0, "no thread for messaging: \(String(cString: strerror(result)))")
    }
}
