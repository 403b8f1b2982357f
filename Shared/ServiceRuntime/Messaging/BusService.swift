import Identity
import Messaging
import ServiceLifecycle
import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Runs the bus from when the directory may be written to.
struct BusService: Service {
    let bus: MessageBus
    let gate: DatabaseGate

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await gate.wait() }
        } catch is CancellationError {
            return bus.stop()
        }
        try await withGracefulShutdownHandler {
            try await bus.run()
        } onGracefulShutdown: {
            bus.stop()
        }
    }
}

extension BusTransport {
    /// Throws `StartFailure` where this host does not know its own name.
    init(_ settings: MessagingSettings) throws(StartFailure) {
        switch settings {
        case .ipc(let directory): self = .ipc(directory: directory)
        case .tcp(let host, let advertisedHost, let secret):
            guard let advertised = advertisedHost ?? Self.hostName() else {
                throw StartFailure(
                    "this host has no name for BENNU_MESSAGING=tcp; set BENNU_MESSAGING_HOST to how others reach it",
                    .configuration)
            }
            self = .tcp(host: host, advertised: advertised, keys: .derived(from: secret))
        }
    }

    private static func hostName() -> String? {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0, name[0] != 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
