import Foundation
import Synchronization

/// Hands mails to a server. libcurl blocks, so every attempt has a thread of its own; callers bound how many there are.
public final class SMTPSender: Sendable {
    private let server: SMTPServer
    private let timeLimits: TimeLimits
    /// The way that worked last, tried first.
    private let preferred = Mutex<SMTPServer.Encryption?>(nil)
    private let isStopping = Atomic(false)

    /// In seconds.
    public struct TimeLimits: Sendable {
        public var connect = 10
        /// For each answer of the server until it is given the content. One that waits for TLS says nothing until then.
        public var answer = 20
        /// All that comes before the content.
        public var approach = 40
        /// For the answer to the content, which decides. To give up early here is to send twice.
        public var verdict = 180
        public var whole = 300

        public init() {}
    }

    public init(_ server: SMTPServer, timeLimits: TimeLimits = TimeLimits()) {
        self.server = server
        self.timeLimits = timeLimits
    }

    /// Ends what has not reached the point where the server is given the mail, from now on; the rest is finished.
    public func stop() {
        isStopping.store(true, ordering: .relaxed)
    }

    /// Returns what the server answered. `beforeContent` is called on the sending thread when the server is ready to be given
    /// the content: it may block, and returns false if the mail must not be sent.
    ///
    /// Tries STARTTLS, and then TLS from the first byte where the server does not offer that; never without encryption.
    public func send(
        _ message: MailMessage, beforeContent: @escaping @Sendable () -> Bool = { true }
    ) async throws(SMTPFailure) -> SMTPReceipt {
        let result: Result<SMTPReceipt, SMTPFailure> = await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: self.attempt(message, beforeContent)) }
            thread.name = "smtp"
            thread.start()
        }
        return try result.get()
    }

    private func attempt(
        _ message: MailMessage, _ beforeContent: @escaping @Sendable () -> Bool
    ) -> Result<SMTPReceipt, SMTPFailure> {
        let preferred = preferred.withLock { $0 }
        let ways = server.encryptions
        var first: SMTPFailure?
        for way in [preferred].compactMap({ $0 }) + ways.filter({ $0 != preferred }) {
            let transfer = CurlTransfer(
                server: server, encryption: way, limits: timeLimits, message: message,
                isStopping: { self.isStopping.load(ordering: .relaxed) }, beforeContent: beforeContent)
            switch transfer.run() {
            case .success(let answer):
                self.preferred.withLock { $0 = way }
                return .success(SMTPReceipt(encryption: way, answer: answer))
            case .failure(let failure):
                // The server's own words about the first way say more than those about the last.
                first = first ?? failure
                guard transfer.mayTryAnotherWay, failure.kind == .connection else { return .failure(failure) }
            }
        }
        return .failure(first ?? SMTPFailure(kind: .connection, reason: "there is no way to try", isInDoubt: false))
    }
}
