import Domain
import Logging

/// Log lines for people.
enum TextLog {
    private static let levelWidth = Logger.Level.allCases.map(\.rawValue.count).max() ?? 0

    static func line(_ entry: LogEntry, showsService: Bool) -> [UInt8] {
        var text = Timestamp.iso8601(entry.time, suffix: "").dropLast(3) + "Z "
        text += entry.level.rawValue
        text += String(repeating: " ", count: levelWidth - entry.level.rawValue.count + 1)
        if showsService { text += "\(entry.service): " }
        appendPlain(entry.message, to: &text)
        for (key, value) in entry.metadata {
            text += " \(key)="
            appendValue("\(value)", to: &text)
        }
        text += "\n"
        return Array(text.utf8)
    }

    /// As it is, but for what would break the line or hide in it.
    private static func appendPlain(_ value: String, to text: inout Substring) {
        for scalar in value.unicodeScalars { appendEscaped(scalar, to: &text) }
    }

    /// In quotes where its end could not be told otherwise.
    private static func appendValue(_ value: String, to text: inout Substring) {
        let isPlain = !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" }
        guard !isPlain else { return appendPlain(value, to: &text) }
        text += "\""
        for scalar in value.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { text += "\\" }
            appendEscaped(scalar, to: &text)
        }
        text += "\""
    }

    private static func appendEscaped(_ scalar: Unicode.Scalar, to text: inout Substring) {
        switch scalar {
        case "\n": text += "\\n"
        case "\t": text += "\\t"
        case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
            text += "\\u{\(String(scalar.value, radix: 16))}"
        default: text.unicodeScalars.append(scalar)
        }
    }
}
