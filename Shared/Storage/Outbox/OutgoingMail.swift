/// A mail that is to be sent.
public struct OutgoingMail: Sendable, Equatable {
    /// What it is about, for metrics and for people who look into the table.
    public enum Kind: String, Sendable {
        case passwordReset = "password_reset"
        case welcome
        case notice
    }

    /// `local@domain`.
    public var recipient: String
    /// Shown by mail programs instead of the address.
    public var recipientName: String?
    public var kind: Kind
    public var subject: String
    public var text: String
    public var html: String

    public init(
        to recipient: String, name recipientName: String? = nil, kind: Kind, subject: String, text: String, html: String
    ) {
        self.recipient = recipient
        self.recipientName = recipientName
        self.kind = kind
        self.subject = subject
        self.text = text
        self.html = html
    }
}

/// A mail that this mailer, and no other, may send until its lease ends.
public struct ClaimedMail: Sendable, Equatable {
    public var id: Int64
    public var recipient: String
    public var recipientName: String?
    public var kind: String
    public var subject: String
    public var text: String
    public var html: String
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var createdAt: Int64
    /// This attempt included.
    public var attempts: Int64
    /// How often a server was given the whole mail without its answer having been kept.
    public var inDoubt: Int64
}

/// How many mails there are in each state.
public struct MailCounts: Sendable, Equatable {
    public var waiting: Int64
    public var sent: Int64
    /// Given up.
    public var failed: Int64
    /// Nanoseconds since 1970-01-01T00:00:00Z; nil when nothing waits.
    public var oldestWaiting: Int64?
}
