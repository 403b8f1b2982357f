/// The HTML of a mail: one column that fits a phone, one button, light and dark.
struct MailPage {
    let title: String
    /// Shown beside the subject in a list of mails.
    let preview: String
    let paragraphs: [String]
    let link: Link
    let closing: [String]

    struct Link {
        /// By which tests and filters find it.
        let id: String
        let label: String
        let url: String
    }

    var html: String {
        let before = paragraphs.map { "<p style=\"\(Style.paragraph)\">\(Self.escaped($0))</p>\n" }.joined()
        let after = closing.map { "<p style=\"\(Style.small)\">\(Self.escaped($0))</p>\n" }.joined()
        let url = Self.escaped(link.url)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="supported-color-schemes" content="light dark">
            <title>\(Self.escaped(title))</title>
            </head>
            <body style="\(Style.body)">
            <div style="display:none;max-height:0;overflow:hidden">\(Self.escaped(preview))</div>
            <div style="\(Style.column)">
            <h1 style="\(Style.heading)">\(Self.escaped(title))</h1>
            \(before)<p style="\(Style.paragraph)"><a id="\(link.id)" href="\(url)" style="\(Style.button)">\(Self.escaped(link.label))</a></p>
            <p style="\(Style.small)">If the button does nothing, copy this address into a browser:</p>
            <p style="\(Style.address)">\(url)</p>
            \(after)</div>
            </body>
            </html>

            """
    }

    var text: String {
        (paragraphs + [link.url] + closing).joined(separator: "\n\n") + "\n"
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
    }

    private enum Style {
        private static let font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
        static let body = "margin:0;padding:16px;"
        static let column = "max-width:520px;margin:0 auto;\(font)"
        static let heading = "font-size:20px;line-height:28px;margin:8px 0 16px;"
        static let paragraph = "font-size:16px;line-height:24px;margin:0 0 16px;"
        static let small = "font-size:14px;line-height:20px;margin:0 0 8px;opacity:0.8;"
        static let address = "font-size:14px;line-height:20px;margin:0 0 16px;word-break:break-all;"
        static let button =
            "display:inline-block;padding:12px 20px;border-radius:6px;background:#b4440c;color:#ffffff;"
            + "font-weight:600;text-decoration:none;"
    }
}
