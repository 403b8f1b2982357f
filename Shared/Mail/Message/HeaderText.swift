import Domain

/// Text in a header: as it is where that is safe, as encoded words (RFC 2047) otherwise. Nothing that is put into a header can
/// begin another one.
enum HeaderText {
    private static let lineCharactersMax = 76
    /// Of UTF-8 in one encoded word, which has at most 75 characters: 12 of frame, the rest Base64.
    private static let wordBytesMax = 45

    /// A whole field without its line end: `Subject: …`, folded (RFC 5322, section 2.2.3).
    static func field(_ name: String, _ text: String) -> String {
        let clean = singleLine(text)
        if isPlain(clean), name.count + 2 + clean.count <= lineCharactersMax { return "\(name): \(clean)" }
        return "\(name): \(encoded(clean, after: name).joined(separator: "\r\n "))"
    }

    /// `name <address>`, or the address alone.
    static func mailbox(_ name: String, _ address: MailAddress) -> String {
        let display = singleLine(address.displayName ?? "")
        guard !display.isEmpty else { return "\(name): \(address.address)" }
        let isAtom = display.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: " ") }
        let shown = isAtom && display.utf8.count <= wordBytesMax ? [display] : encoded(display, after: name)
        return "\(name): \(shown.joined(separator: "\r\n "))\r\n <\(address.address)>"
    }

    /// The text without anything that ends a line or controls a terminal.
    private static func singleLine(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .lineSeparator
                || scalar.properties.generalCategory == .paragraphSeparator ? " " : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (32...126).contains($0) } && !text.contains("=?") && !text.hasPrefix(" ")
            && !text.hasSuffix(" ")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// A character never lies in two words: each is decoded by itself. The first one shares its line with the field's name.
    private static func encoded(_ text: String, after name: String) -> [String] {
        var words: [[UInt8]] = [[]]
        let firstBytesMax = (lineCharactersMax - name.count - 2 - 12) / 4 * 3
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            let bytesMax = words.count == 1 ? firstBytesMax : wordBytesMax
            if words[words.count - 1].count + bytes.count > bytesMax { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Base64.encode($0))?=" }
    }
}
