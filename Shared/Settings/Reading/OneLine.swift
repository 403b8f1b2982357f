/// Text that stays on one line whatever it holds.
enum OneLine {
    private static let lengthMax = 200

    /// In quotes, cut where it is overlong.
    static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > lengthMax else { return "\"\(escaped(text))\"" }
        return "\"\(escaped(String(String.UnicodeScalarView(scalars.prefix(lengthMax)))))…\""
    }

    /// With control characters, quotes and backslashes as Swift writes them in a literal.
    static func escaped(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": line += "\\\(scalar)"
            case "\n": line += "\\n"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                line += "\\u{\(String(scalar.value, radix: 16))}"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}
