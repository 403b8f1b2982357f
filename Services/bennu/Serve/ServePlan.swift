import Domain
import ServiceRuntime
import Settings

/// What `bennu serve` starts: which executables, with which variables, and where they will listen.
struct ServePlan: Sendable {
    /// In the order of their start. They stop in reverse: the front door first, so that nothing new comes in.
    static let kinds: [ServiceKind] = [.mailer, .auth, .collector, .api]

    /// A port that a service will listen on.
    struct Port: Sendable, Equatable {
        let host: String
        let number: Int
        /// What chooses it.
        let variable: String
        let kind: ServiceKind
        /// `/readyz` is asked there.
        var answersHealth = false
        var isEncrypted = false
        /// Where it is asked instead, if the port is encrypted: the launcher has no certificate to show.
        var socket: String?

        var canBeAsked: Bool { !isEncrypted || socket != nil }

        var target: ReadinessProbe.Target {
            socket.map { .socket(path: $0) } ?? .port(host: host, number)
        }
    }

    private static let crashReport =
        "symbolicate=fast,threads=crashed,registers=none,images=none,interactive=no,color=no"

    let settings: Settings
    /// The folder of the executables: that of the launcher itself.
    let executables: String
    /// The database is one of `MemoryFolder`'s.
    let isInMemory: Bool
    /// The folder of the Unix sockets beside encrypted ports; nil where none is encrypted.
    let localSockets: String?
    private let environment: Environment

    init(
        settings: Settings, environment: Environment, executables: String, isInMemory: Bool = false,
        localSockets: String? = nil
    ) {
        self.settings = settings
        self.executables = executables
        self.isInMemory = isInMemory
        self.localSockets = localSockets
        self.environment = environment
    }

    func executable(_ kind: ServiceKind) -> String { "\(executables)/bennu-\(kind.rawValue)" }

    /// Metrics are on a port of each service's own: the front door has the one that is configured, as Phoenix's only server
    /// has, and the others follow.
    func metricsPort(_ kind: ServiceKind) -> Int {
        let order: [ServiceKind] = [.api, .collector, .auth, .mailer]
        return settings.addresses.metricsPort + (order.firstIndex(of: kind) ?? 0)
    }

    /// Auth is reached through the front door, so it stays on loopback unless somebody says otherwise.
    private var authHost: String {
        let isChosen = ["BENNU_AUTH_HOST", "BENNU_AUTH_URL"].contains { environment[$0] != nil }
        return isChosen ? settings.addresses.authHost : "127.0.0.1"
    }

    func environment(_ kind: ServiceKind) -> Environment {
        var changes = [
            "BENNU_SUPERVISED": "1",
            "BENNU_AUTH_HOST": authHost,
            "BENNU_METRICS_PORT": String(metricsPort(kind)),
        ]
        // Half the time and a sixth of the lines of the whole report: while it is written the service is away.
        if environment["SWIFT_BACKTRACE"] == nil { changes["SWIFT_BACKTRACE"] = Self.crashReport }
        if let localSockets { changes["BENNU_LOCAL_SOCKETS"] = localSockets }
        // What a spool keeps would outlive the database that it is for.
        if isInMemory { changes["BENNU_SPOOL_BYTES"] = "0" }
        return environment.setting(changes)
    }

    private func service(_ host: String, _ number: Int, _ variable: String, _ kind: ServiceKind) -> Port {
        let isEncrypted =
            settings.tls.isEnabledForHTTP && kind != .mailer
            && !(kind == .auth && ServiceAddresses.isLoopback(host))
        let socket = isEncrypted ? localSockets.map { ServiceAddresses.localSocket(kind, in: $0) } : nil
        return Port(
            host: host, number: number, variable: variable, kind: kind, answersHealth: true, isEncrypted: isEncrypted,
            socket: socket)
    }

    var ports: [Port] {
        let (network, addresses) = (settings.network, settings.addresses)
        var ports = [
            service(network.host, network.port, "PHOENIX_PORT", .api),
            Port(host: network.host, number: network.grpcPort, variable: "PHOENIX_GRPC_PORT", kind: .collector),
            service(network.host, addresses.collectorHTTPPort, "BENNU_COLLECTOR_HTTP_PORT", .collector),
            service(authHost, addresses.authPort, "BENNU_AUTH_PORT", .auth),
            service(addresses.mailerHost, addresses.mailerPort, "BENNU_MAILER_PORT", .mailer),
        ]
        if settings.observability.servesMetrics {
            ports += Self.kinds.map {
                Port(host: network.host, number: metricsPort($0), variable: "BENNU_METRICS_PORT", kind: $0)
            }
        }
        return ports
    }

    /// Throws `StartFailure` where two services are to listen on the same port, or one beyond the last.
    func checkPortsDiffer() throws(StartFailure) {
        var seen: [Int: Port] = [:]
        for port in ports {
            guard (1...65_535).contains(port.number) else {
                throw StartFailure(
                    "BENNU_METRICS_PORT leaves no room for four ports; set it to 65532 or less", .configuration)
            }
            if let other = seen[port.number] {
                throw StartFailure(
                    "\(other.variable) and \(port.variable) both come to port \(port.number); set one of them to another",
                    .configuration)
            }
            seen[port.number] = port
        }
    }
}
