import Domain
import Logging
import Messaging
import ServiceLifecycle

/// Tells a mailer, behind the back of whoever caused it, that a mail waits in the outbox.
///
/// Nobody waits for that: how long it takes would say whether an account was there.
struct MailBell: Service {
    private static let patience = Duration.seconds(2)

    let bus: MessageBus
    let logger: Logger
    private let rings: AsyncStream<Void>
    private let ringing: AsyncStream<Void>.Continuation

    init(bus: MessageBus, logger: Logger) {
        self.bus = bus
        self.logger = logger
        (rings, ringing) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// After the transaction with the mail is committed.
    func ring() { ringing.yield() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in rings { await tell() }
        }
    }

    private func tell() async {
        do {
            _ = try await bus.request(MailWaits(), of: .mailer, timeout: Self.patience)
        } catch {
            // Mailers look by themselves too.
            logger.debug("no mailer was told of a mail", metadata: ["error": "\(error)"])
        }
    }
}
