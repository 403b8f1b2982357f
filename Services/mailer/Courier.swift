import Dispatch
import Domain
import Logging
import Mail
import Storage
import Synchronization

/// Takes one mail after the other from the outbox to the server, and writes down what became of it.
struct Courier: Sendable {
    /// What the way to the server may take; the sender's limit for it is well below. A mailer that dies leaves its mails to
    /// others for so long.
    private static let lease: Int64 = 60 * Timestamp.nanosecondsPerSecond
    /// What the server may take to answer, once it is given the mail.
    private static let handoverLease: Int64 = 360 * Timestamp.nanosecondsPerSecond
    /// A mail that a server has been given so often without an answer that was kept is not given to one again.
    private static let doubtsMax: Int64 = 3
    private static let attemptsToWriteDown = 5

    private let outbox: MailOutbox
    private let sender: SMTPSender
    private let from: MailAddress
    private let mailer: String
    private let metrics: MailerMetrics
    private let logger: Logger

    /// `mailer` names this process among all mailers.
    init(
        outbox: MailOutbox, sender: SMTPSender, from: MailAddress, mailer: String, metrics: MailerMetrics,
        logger: Logger
    ) {
        self.outbox = outbox
        self.sender = sender
        self.from = from
        self.mailer = mailer
        self.metrics = metrics
        self.logger = logger
    }

    func claim(_ count: Int) async throws -> [ClaimedMail] {
        try await outbox.claim(count, by: mailer, lease: Self.lease, now: SystemClock.now())
    }

    /// Gives back what was claimed and not begun.
    func release() async throws {
        try await outbox.release(by: mailer)
    }

    /// What has not reached its server is left; the rest is finished.
    func stop() {
        sender.stop()
    }

    /// Never throws: what cannot be written down now is found by whoever claims the mail next.
    func deliver(_ mail: ClaimedMail) async {
        guard mail.inDoubt < Self.doubtsMax else {
            return await giveUp(mail, "a server was given it \(mail.inDoubt) times, and no answer was kept")
        }
        do {
            let receipt = try await sender.send(try message(mail)) { [outbox, mailer] in
                Self.begin(mail.id, outbox, mailer)
            }
            await writeDown { try await outbox.markSent(mail.id, answer: receipt.answer, now: SystemClock.now()) }
            metrics.sent(mail.kind)
            logger.info("sent a mail", metadata: about(mail, receipt.answer))
        } catch let failure as SMTPFailure {
            await handle(failure, mail)
        } catch {
            await giveUp(mail, "\(error)")
        }
    }

    private func message(_ mail: ClaimedMail) throws -> MailMessage {
        try MailMessage(
            from: from, to: MailAddress(mail.recipient, displayName: mail.recipientName),
            content: MailContent(subject: mail.subject, text: mail.text, html: mail.html),
            id: "bennu.\(mail.id).\(mail.createdAt)", date: mail.createdAt)
    }

    /// Writes down that a server is about to be given the mail. False if the lease is over or that cannot be written.
    private static func begin(_ id: Int64, _ outbox: MailOutbox, _ mailer: String) -> Bool {
        let permit = Permit()
        // The thread that waits is the sender's own and has nothing else to do; the task runs elsewhere.
        let done = DispatchSemaphore(value: 0)
        Task {
            let now = SystemClock.now()
            let isOurs = try? await outbox.beginHandover(id, by: mailer, lease: handoverLease, now: now)
            permit.isGiven.store(isOurs ?? false, ordering: .releasing)
            done.signal()
        }
        done.wait()
        return permit.isGiven.load(ordering: .acquiring)
    }

    private func handle(_ failure: SMTPFailure, _ mail: ClaimedMail) async {
        // Given back by `release` when the mailer stops, or somebody else's by now.
        if failure.kind == .stopped { return }
        if failure.kind == .permanent { return await giveUp(mail, failure.reason) }
        let now = SystemClock.now()
        guard let next = RetrySchedule.next(after: mail.attempts, createdAt: mail.createdAt, now: now) else {
            return await giveUp(mail, "a day of attempts is over; the last said: \(failure.reason)")
        }
        await writeDown {
            try await outbox.postpone(
                mail.id, by: mailer, until: next, isInDoubt: failure.isInDoubt, reason: failure.reason)
        }
        metrics.postponed(mail.kind)
        var metadata = about(mail, failure.reason)
        metadata["next"] = "in \((next - now) / Timestamp.nanosecondsPerSecond) s"
        logger.warning("a mail was not sent; it will be tried again", metadata: metadata)
    }

    private func giveUp(_ mail: ClaimedMail, _ reason: String) async {
        await writeDown { try await outbox.giveUp(mail.id, reason: reason, now: SystemClock.now()) }
        metrics.gaveUp(mail.kind)
        logger.error("a mail was given up", metadata: about(mail, reason))
    }

    /// The recipient's address is in the table for who may look there.
    private func about(_ mail: ClaimedMail, _ answer: String) -> Logger.Metadata {
        ["mail": "\(mail.id)", "kind": "\(mail.kind)", "attempt": "\(mail.attempts)", "reason": "\(answer)"]
    }

    /// What has happened cannot be undone, so it is worth some patience to write it down.
    private func writeDown(_ body: @Sendable () async throws -> Void) async {
        for attempt in 1...Self.attemptsToWriteDown {
            do {
                return try await body()
            } catch {
                logger.warning("the outbox cannot be written to", metadata: ["error": "\(error)"])
                if attempt < Self.attemptsToWriteDown { try? await Task.sleep(for: .milliseconds(200 << attempt)) }
            }
        }
    }
}

private final class Permit: Sendable {
    let isGiven = Atomic(false)
}
