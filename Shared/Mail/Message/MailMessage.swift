import Domain

/// A mail as it goes over the wire: headers, and the same content as text and as HTML (RFC 5322, RFC 2045, RFC 2046).
public struct MailMessage: Sendable, Equatable {
    public let sender: MailAddress
    public let recipient: MailAddress
    /// Lines that end with CRLF.
    public let bytes: [UInt8]

    /// An address that no mail can be sent to or from.
    public struct UnfitAddress: Error, Sendable, Equatable, CustomStringConvertible {
        public let address: String

        public var description: String { "the address \(address.debugDescription) cannot be written to" }
    }

    /// `id` names the mail among all of this deployment: the same one gives the same Message-ID, by which receivers notice
    /// that they got it twice. `date` is in nanoseconds since 1970-01-01T00:00:00Z.
    public init(
        from sender: MailAddress, to recipient: MailAddress, content: MailContent, id: String, date: Int64
    ) throws(UnfitAddress) {
        for address in [sender, recipient] where !Self.isFit(address.address) {
            throw UnfitAddress(address: address.address)
        }
        self.sender = sender
        self.recipient = recipient
        let domain = sender.address.split(separator: "@").last ?? "localhost"
        // No line of quoted-printable text can hold it.
        let boundary = "=_bennu_\(id)"
        let headers = [
            HeaderText.mailbox("From", sender),
            HeaderText.mailbox("To", recipient),
            HeaderText.field("Subject", content.subject),
            "Date: \(MailDate.text(date))",
            "Message-ID: <\(id)@\(domain)>",
            "MIME-Version: 1.0",
            // So that nobody's absence note answers (RFC 3834).
            "Auto-Submitted: auto-generated",
            "Content-Type: multipart/alternative;\r\n boundary=\"\(boundary)\"",
        ]
        var bytes = Array((headers.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        // The last one is what a mail program prefers.
        Self.append("text/plain", content.text, boundary, to: &bytes)
        Self.append("text/html", content.html, boundary, to: &bytes)
        bytes += Array("--\(boundary)--\r\n".utf8)
        self.bytes = bytes
    }

    private static func append(_ type: String, _ text: String, _ boundary: String, to bytes: inout [UInt8]) {
        bytes += Array(
            "--\(boundary)\r\nContent-Type: \(type); charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                .utf8)
        bytes += QuotedPrintable.encode(text)
        bytes += [13, 10]
    }

    /// `local@domain` of ASCII without anything that has a meaning of its own in a header or in SMTP's commands.
    private static func isFit(_ address: String) -> Bool {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), address.utf8.count <= 254 else { return false }
        return address.utf8.allSatisfy { (33...126).contains($0) && !#"<>()[]\,;:""#.utf8.contains($0) }
    }
}

/// What a mail says.
public struct MailContent: Sendable, Equatable {
    public var subject: String
    public var text: String
    public var html: String

    public init(subject: String, text: String, html: String) {
        self.subject = subject
        self.text = text
        self.html = html
    }
}
