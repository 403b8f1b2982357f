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
            let error = spawn {
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
            if let error { continuation.resume(throwing: error) }
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

    /// Returns why there is no thread, if there is none; `run` is not called then.
    private static func spawn(_ run: @escaping @Sendable () -> Void) -> BusError? {
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
        let result = pthread_create(&thread, &attributes, Self.entry, body.toOpaque())
        guard result != 0 else { return nil }
        body.release()
        return .transport("no thread for messaging: \(String(cString: strerror(result)))")
    }

    // Glibc says that a thread's argument may be missing, Darwin that it may not: this takes both.
    private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }
}
