import Domain
import Logging
import Mail
import Messaging
import ServiceLifecycle
import ServiceRuntime
import Settings
import Storage

/// Sends what waits in the outbox, whenever it is told that something does and now and then by itself. Several mailers share
/// the work.
struct Mailer: Service {
    /// Mails of one mailer that are on their way at the same time.
    private static let concurrency = 4
    private static let pollSeconds = 20.0...40.0
    private static let pauseMax = Duration.seconds(30)
    private static let cleaning = Duration.seconds(3600)
    private static let keptDays: Int64 = 30

    private let outbox: MailOutbox
    /// Nil where no SMTP server is set: mails wait until one is.
    private let courier: Courier?
    private let gate: DatabaseGate
    private let bus: MessageBus
    private let metrics: MailerMetrics
    private let logger: Logger
    private let bell = Bell()

    init(_ context: ServiceContext) {
        outbox = MailOutbox(database: context.database)
        metrics = MailerMetrics(registry: context.metrics)
        gate = context.gate
        bus = context.bus
        logger = context.logger
        courier = context.settings.mail.map { [outbox, metrics] mail in
            Courier(
                outbox: outbox, sender: SMTPSender(SMTPServer(mail)), from: MailAddress(mail.from),
                mailer: context.instance, metrics: metrics, logger: context.logger)
        }
    }

    func run() async throws {
        bus.serve(MailWaits.self) { [bell] _ in
            bell.ring()
            return MailWaits.Reply()
        }
        if courier == nil { logger.info("mail is off: PHOENIX_SMTP_HOSTNAME is not set") }
        await withGracefulShutdownHandler {
            await runUntilShutdown()
        } onGracefulShutdown: {
            courier?.stop()
            bell.silence()
        }
    }

    private func runUntilShutdown() async {
        guard (try? await cancelWhenGracefulShutdown { try await gate.wait() }) != nil else { return }
        var pause = Duration.seconds(1)
        var nextCleaning = ContinuousClock.now
        while !bell.isSilent {
            do {
                try await sendAll()
                if ContinuousClock.now >= nextCleaning {
                    try await outbox.removeFinished(before: SystemClock.now() - Self.keptDays * 86_400_000_000_000)
                    nextCleaning = .now + Self.cleaning
                }
                pause = .seconds(1)
                await bell.wait(for: try await untilNext())
            } catch {
                logger.warning("the outbox cannot be read; trying again", metadata: ["error": "\(error)"])
                await bell.wait(for: pause)
                pause = min(pause * 2, Self.pauseMax)
            }
        }
        try? await courier?.release()
    }

    /// Returns when nothing is due any more.
    private func sendAll() async throws {
        while let courier, !bell.isSilent {
            let mails = try await courier.claim(Self.concurrency)
            guard !mails.isEmpty else { break }
            await withTaskGroup(of: Void.self) { group in
                for mail in mails { group.addTask { await courier.deliver(mail) } }
            }
        }
        metrics.show(try await outbox.counts())
    }

    /// Not at the same moment as other mailers.
    private func untilNext() async throws -> Duration {
        let poll = Duration.seconds(Double.random(in: Self.pollSeconds))
        guard courier != nil, let due = try await outbox.nextDue() else { return poll }
        return min(poll, max(.nanoseconds(due - SystemClock.now()), .milliseconds(50)))
    }
}

extension SMTPServer {
    init(_ settings: MailSettings) {
        self.init(
            host: settings.host, port: settings.port, username: settings.username, password: settings.password,
            validatesCertificates: settings.validatesCertificates, issuersFile: settings.issuersFile)
    }
}
