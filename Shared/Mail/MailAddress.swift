/// Who a mail is from or to (RFC 5322, section 3.4).
public struct MailAddress: Sendable, Hashable {
    /// `local@domain`, as in SMTP's MAIL FROM and RCPT TO.
    public var address: String
    /// Shown instead of the address by mail programs; may hold any text.
    public var displayName: String?

    public init(_ address: String, displayName: String? = nil) {
        self.address = address
        self.displayName = displayName
    }
}
