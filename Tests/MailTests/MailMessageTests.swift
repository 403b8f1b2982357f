import Domain
import Testing

@testable import Mail

@Suite struct MailMessageTests {
    private let content = MailContent(
        subject: "[Phoenix] Grüße", text: "line one\nzwei = 2 \n" + String(repeating: "long ", count: 40),
        html: "<p>ä</p>")

    private func text(
        _ content: MailContent, to recipient: MailAddress = MailAddress("ada@example.com"), id: String = "bennu.7.1"
    ) throws -> String {
        let message = try MailMessage(
            from: MailAddress("noreply@traces.example.com"), to: recipient, content: content, id: id,
            date: 1_788_246_309_000_000_000)
        return String(decoding: message.bytes, as: UTF8.self)
    }

    @Test func headersAreWhatReceiversExpect() throws {
        let text = try text(content, to: MailAddress("ada@example.com", displayName: "Ada Lovelace"))
        let headers = text.components(separatedBy: "\r\n\r\n")[0]
        #expect(headers.contains("From: noreply@traces.example.com\r\n"))
        #expect(headers.contains("To: Ada Lovelace\r\n <ada@example.com>\r\n"))
        #expect(headers.contains("Date: Tue, 01 Sep 2026 07:05:09 +0000\r\n"))
        #expect(headers.contains("Message-ID: <bennu.7.1@traces.example.com>\r\n"))
        #expect(headers.contains("MIME-Version: 1.0\r\n"))
        #expect(headers.contains("Auto-Submitted: auto-generated\r\n"))
        #expect(headers.contains("Subject: =?utf-8?B?W1Bob2VuaXhdIEdyw7zDn2U=?=\r\n"))
    }

    @Test func theSameMailIsTheSameBytes() throws {
        #expect(try text(content) == text(content))
        #expect(try text(content) != text(content, id: "bennu.8.1"))
    }

    @Test func everyLineIsShortASCIIAndEndsWithBoth() throws {
        let long = MailContent(
            subject: "[Phoenix] " + String(repeating: "日本語", count: 60), text: String(repeating: "é", count: 500),
            html: String(repeating: "x", count: 5000))
        let text = try text(long, to: MailAddress("a@b.example", displayName: String(repeating: "Ж", count: 200)))
        for line in text.components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 78)
            #expect(line.utf8.allSatisfy { $0 < 127 && $0 >= 32 })
        }
    }

    @Test func nothingInATextBeginsAnotherHeader() throws {
        let nasty = "x\r\nBcc: eve@example.com\u{2028}y\u{0}"
        let text = try text(
            MailContent(subject: nasty, text: "", html: ""),
            to: MailAddress("ada@example.com", displayName: "Ada\r\nBcc: eve@example.com"))
        #expect(!text.contains("\r\nBcc:"))
        for address in ["a@b\r\nBcc: c@d", "a b@c.d", "a@b>", "<a@b", "a@b@c", "@b", "a@", "ä@b.c", "a,b@c.d"] {
            #expect(throws: MailMessage.UnfitAddress.self) {
                try MailMessage(
                    from: MailAddress("n@x.y"), to: MailAddress(address), content: content, id: "1", date: 0)
            }
        }
    }

    @Test func longSubjectsAreCutBetweenCharacters() {
        let subject = String(repeating: "日本語🙂", count: 30)
        let field = HeaderText.field("Subject", subject)
        let words = field.dropFirst("Subject: ".count).components(separatedBy: "\r\n ")
        let decoded = words.map { word -> String in
            #expect(word.utf8.count <= 75)
            let bytes = Base64.decode(word.dropFirst("=?utf-8?B?".count).dropLast(2))
            return String(validating: bytes ?? [], as: UTF8.self) ?? "broken"
        }
        #expect(decoded.joined() == subject)
        #expect(HeaderText.field("Subject", "plain") == "Subject: plain")
        #expect(HeaderText.field("Subject", "=?utf-8?B?eA==?=").hasPrefix("Subject: =?utf-8?B?PT91"))
    }

    @Test(arguments: [
        ("a = b", "a =3D b"), ("end \nx", "end=20\r\nx"), ("tab\t", "tab=09"), ("é", "=C3=A9"),
        ("a\rb\r\nc", "a\r\nb\r\nc"),
        ("", ""),
    ])
    func whatMailWouldChangeIsEscaped(text: String, encoded: String) {
        #expect(String(decoding: QuotedPrintable.encode(text), as: UTF8.self) == encoded)
    }

    @Test func longLinesGoOnInTheNext() {
        let encoded = String(decoding: QuotedPrintable.encode(String(repeating: "y", count: 200)), as: UTF8.self)
        let lines = encoded.components(separatedBy: "\r\n")
        #expect(lines.map(\.utf8.count) == [76, 76, 50])
        #expect(lines.dropLast().allSatisfy { $0.hasSuffix("=") })
        let exact = String(repeating: "y", count: 76)
        #expect(String(decoding: QuotedPrintable.encode(exact), as: UTF8.self) == exact)
    }
}
