/// Tells a mailer that the outbox has a mail for it. The mail itself is a row, so one that is not told looks by itself.
public struct MailWaits: BusRequest {
    public static let topic = "mail-waits"
    public static let version = 1

    /// A mailer is awake; nothing is said about the mail.
    public struct Reply: Codable, Sendable, Equatable {
        public init() {}
    }

    public init() {}
}
