import Access
import Database
import Domain
import Foundation
import Logging
import Messaging
import Observability
import ServiceLifecycle
import Settings
import Storage

/// What every service's `main` has in common. A service says what it is and what it runs:
///
///     @main
///     struct Main {
///         static func main() async {
///             await ServiceRuntime.run(.auth) { context in
///                 let listener = context.readiness.listener("http", host: host, port: port)
///                 return [AuthServer(context, listener)]
///             }
///         }
///     }
///
/// In order: settings, logs, working directory, database (not opened yet), bus, what the closure returns. Then all of them
/// run: ports open at once, so that health can be asked; the database is waited for, migrated and let through by
/// `context.gate`; the bus begins. One line says what is listened on when everything is set up. At SIGTERM, SIGINT or the
/// launcher's end they stop in reverse order, within ten seconds.
///
/// The closure may throw a `StartFailure` to end the process with one line and an exit code, and so may what it returns.
public enum ServiceRuntime {
    /// Runs a service until it is told to stop, and ends the process.
    public static func run(
        _ kind: ServiceKind, services: @Sendable (ServiceContext) async throws -> [any Service]
    ) async -> Never {
        let start = ContinuousClock.now
        StandardDescriptors.open()
        DescriptorLimit.raise()
        FreedMemory.keepUntilGivenBack()
        do {
            let settings = try Settings(.process)
            bootstrapLogging(kind, settings)
            try WorkingDirectory.prepare(settings.workingDirectory)
            let context = try ServiceContext(kind, settings)
            try await run(context, own: try await services(context), start: start)
            end(.success)
        } catch {
            end(kind, StartFailure(error))
        }
    }

    private static func run(
        _ context: ServiceContext, own services: [any Service], start: ContinuousClock.Instant
    ) async throws {
        let logger = context.logger
        if !context.settings.isSupervised {
            // Under a launcher it is the launcher that says this, once.
            for warning in context.settings.warnings { logger.warning("\(warning)") }
        }
        let group = ServiceGroup(configuration: .init(services: all(context, services, start), logger: quiet(logger)))
        StopWatch.start(isSupervised: context.settings.isSupervised) { reason in
            logger.info("stopping", metadata: ["reason": "\(reason)"])
            Task { await group.triggerGracefulShutdown() }
        } giveUp: {
            logger.critical("not everything was finished in time; ending anyway")
        }
        try await group.run()
        logger.info("stopped")
    }

    /// In the order of their start; they stop in reverse, so the database outlives all that writes to it.
    private static func all(
        _ context: ServiceContext, _ services: [any Service], _ start: ContinuousClock.Instant
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let database = DatabaseService(
            database: context.database, gate: context.gate, settings: context.settings.database,
            defaultProject: context.settings.network.defaultProjectName, logger: context.logger)
        let announcement = ReadyAnnouncement(
            readiness: context.readiness, metrics: context.metrics, logger: context.logger, start: start)
        let listed: [any Service] =
            [database, BusService(bus: context.bus, gate: context.gate), announcement, FreedMemory()]
            + [context.metricsService(), certificateWatch(context), credentialWatch(context)].compactMap { $0 }
            + writing(context)
            + services
        return listed.map { .init(service: WatchedService($0), failureTerminationBehavior: .gracefullyShutdownGroup) }
    }

    private static func certificateWatch(_ context: ServiceContext) -> (any Service)? {
        context.certificate.map {
            CertificateWatch(certificate: $0, metrics: context.metrics, logger: context.logger)
        }
    }

    private static func credentialWatch(_ context: ServiceContext) -> (any Service)? {
        context.accounts.map {
            CredentialWatch(
                authenticator: $0, keys: APIKeyRepository(database: context.database), bus: context.bus,
                logger: context.logger)
        }
    }

    /// What the services need that store spans.
    private static func writing(_ context: ServiceContext) -> [any Service] {
        [.collector, .api].contains(context.kind) ? [PriceRefresh(context)] : []
    }

    private static func bootstrapLogging(_ kind: ServiceKind, _ settings: Settings) {
        let format: LogFormat =
            switch settings.observability.loggingMode {
            case .structured: .structured
            case .text: .text(showsService: !settings.isSupervised)
            }
        let level = Logger.Level(settings.observability.loggingLevel)
        LineLogHandler.bootstrap(service: kind.rawValue, format: format, level: level)
    }

    /// The group tells every step of every service at levels that are for people who run services, not for those who
    /// debug the group.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .critical)
        return logger
    }

    private static func end(_ kind: ServiceKind, _ failure: StartFailure) -> Never {
        for line in failure.line.split(separator: "\n") {
            LogOutput.standardError.write("bennu-\(kind.rawValue): \(line)\n")
        }
        end(failure.code)
    }

    /// Without the C libraries' own tidying up at exit: threads that are just ending may still use what it frees.
    private static func end(_ reason: ExitReason) -> Never {
        _exit(reason.rawValue)
    }
}

/// A service whose failure stops the others as a signal would: what is in flight is finished, within the same time.
private struct WatchedService: Service {
    private let service: any Service

    init(_ service: any Service) {
        self.service = service
    }

    func run() async throws {
        do {
            try await service.run()
        } catch {
            StopWatch.limitTheEnd()
            throw error
        }
    }
}

extension ServiceContext {
    init(_ kind: ServiceKind, _ settings: Settings) throws {
        let logger = Logger(label: "bennu.\(kind.rawValue)")
        // First: it is what can fail, and the others must be shut down once they are made.
        let certificate = try Self.isEncrypted(kind, settings) ? ServerCertificate(settings.tls) : nil
        let location = try DatabaseLocation(settings.database)
        try location.checkFolder()
        var options = DatabaseOptions()
        options.applicationName = "bennu-\(kind.rawValue)"
        let database = Database(location, options: options, logger: logger)
        let gate = DatabaseGate()
        let instance = UUID().uuidString.lowercased()
        let directory = StoredServiceDirectory(repository: ServiceInstanceRepository(database: database))
        self.init(
            kind: kind, instance: instance, settings: settings, logger: logger, database: database, gate: gate,
            bus: MessageBus(
                kind: kind, instance: instance, version: BennuVersion.text,
                transport: try BusTransport(settings.messaging), directory: directory, logger: logger),
            metrics: MetricsRegistry(), readiness: Readiness(database: database, gate: gate, logger: logger),
            certificate: certificate, accounts: Self.authenticator(settings.accounts, database))
        ProcessMetrics.register(in: metrics)
        bus.register(in: metrics)
        metrics.counter("bennu_log_lines_dropped_total", "Log lines that nobody took in time.") {
            Double(LogOutput.standardError.droppedCount)
        }
    }

    private static func authenticator(_ settings: AccountSettings, _ database: Database) -> Authenticator? {
        guard settings.isEnabled, let secret = settings.secret else { return nil }
        return Authenticator(secret: secret, adminSecret: settings.adminSecret, database: database)
    }

    /// Whether a service has an encrypted port. The mailer's only answers who asks for its health.
    private static func isEncrypted(_ kind: ServiceKind, _ settings: Settings) -> Bool {
        switch kind {
        case .api: settings.tls.isEnabledForHTTP
        case .auth: settings.tls.isEnabledForHTTP && !settings.addresses.authIsOnLoopback
        case .collector: settings.tls.isEnabled
        case .mailer: false
        }
    }
}

extension Logger.Level {
    public init(_ level: LogLevel) {
        self =
            switch level {
            case .trace: .trace
            case .debug: .debug
            case .info: .info
            case .notice: .notice
            case .warning: .warning
            case .error: .error
            case .critical: .critical
            }
    }
}
