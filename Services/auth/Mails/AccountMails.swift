import Storage

/// What people are written about their accounts, as plain text and as HTML that small screens can show.
enum AccountMails {
    static func passwordReset(to address: String, name: String, link: String, minutes: Int64) -> OutgoingMail {
        let mail = AccountMail(
            title: "Set a new password", name: name,
            before: "Somebody, most likely you, asked for a new password for your account at Bennu.",
            link: link, linkID: "reset-url", linkText: "Set a new password",
            after: "The link works once, for \(minutes) minutes. If it was not you, there is nothing to do: your "
                + "password stays as it is.")
        return mail.outgoing(to: address, kind: .passwordReset, subject: "[Phoenix] Password Reset Request")
    }

    static func welcome(to address: String, name: String, link: String) -> OutgoingMail {
        let mail = AccountMail(
            title: "Welcome to Bennu", name: name,
            before: "An account was made for you. It belongs to this mail address.",
            link: link, linkID: "welcome-url", linkText: "Begin here",
            after: "Who signs in by password asks there for a link to choose one.")
        return mail.outgoing(to: address, kind: .welcome, subject: "[Phoenix] Welcome to Phoenix")
    }
}

private struct AccountMail {
    var title: String
    var name: String
    var before: String
    var link: String
    var linkID: String
    var linkText: String
    var after: String

    func outgoing(to address: String, kind: OutgoingMail.Kind, subject: String) -> OutgoingMail {
        OutgoingMail(to: address, name: name, kind: kind, subject: subject, text: text, html: html)
    }

    private var text: String {
        """
        Hello \(name),

        \(before)

        \(linkText):
        \(link)

        \(after)
        """
    }

    private var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(Self.escaped(title))</title>
        </head>
        <body style="margin:0;padding:16px;font-family:sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a">
        <div style="max-width:32em;margin:0 auto">
        <h1 style="font-size:20px">\(Self.escaped(title))</h1>
        <p>Hello \(Self.escaped(name)),</p>
        <p>\(Self.escaped(before))</p>
        <p><a id="\(linkID)" href="\(Self.escaped(link))" style="\(Self.button)">\(Self.escaped(linkText))</a></p>
        <p>\(Self.escaped(after))</p>
        </div>
        </body>
        </html>
        """
    }

    private static let button =
        "display:inline-block;padding:12px 20px;border-radius:6px;background:#1f5fbf;color:#ffffff;text-decoration:none"

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
