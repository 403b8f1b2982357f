import Domain
import Logging

/// Log lines for programs: one JSON object each (RFC 8259).
enum StructuredLog {
    private static let ownKeys: Set<String> = ["time", "level", "service", "message"]

    static func line(_ entry: LogEntry) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        line.append(contentsOf: "{\"time\":\"".utf8)
        Timestamp.appendISO8601(entry.time, suffix: "Z", to: &line)
        line.append(contentsOf: "\",\"level\":\"\(entry.level.rawValue)\",\"service\":".utf8)
        append(entry.service, to: &line)
        line.append(contentsOf: ",\"message\":".utf8)
        append(entry.message, to: &line)
        for (key, value) in entry.metadata {
            line.append(UInt8(ascii: ","))
            append(ownKeys.contains(key) ? "\(key)_" : key, to: &line)
            line.append(UInt8(ascii: ":"))
            append(value, to: &line)
        }
        line.append(contentsOf: "}\n".utf8)
        return line
    }

    private static func append(_ value: Logger.Metadata.Value, to line: inout [UInt8]) {
        switch value {
        case .string(let text): append(text, to: &line)
        case .stringConvertible(let value): append(value.description, to: &line)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (position, value) in values.enumerated() {
                if position > 0 { line.append(UInt8(ascii: ",")) }
                append(value, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            line.append(UInt8(ascii: "{"))
            for (position, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if position > 0 { line.append(UInt8(ascii: ",")) }
                append(pair.key, to: &line)
                line.append(UInt8(ascii: ":"))
                append(pair.value, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): line.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case UInt8(ascii: "\n"): line.append(contentsOf: "\\n".utf8)
            case 0..<0x20: line.append(contentsOf: "\\u00\(Hex.encode([byte]))".utf8)
            default: line.append(byte)
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
