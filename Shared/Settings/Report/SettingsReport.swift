#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is in force, for people and for programs. Neither shows a secret.
public enum SettingsReport {
    /// Three columns: variable, value, where it came from. Variables that are not set and have no default are left out.
    public static func text(_ entries: [SettingsEntry]) -> String {
        let shown = entries.filter(isInForce).compactMap { entry in entry.value.map { (entry, OneLine.escaped($0)) } }
        let names = shown.map { $0.0.variable.name.count }.max() ?? 0
        // One long value is not to push the last column off everybody's screen.
        let values = min(shown.map { $0.1.count }.max() ?? 0, 48)
        return shown.map { entry, value in
            "\(padded(entry.variable.name, names))  \(padded(value, values))  \(entry.provenance)\n"
        }.joined()
    }

    /// An array of `{"name", "value", "source", "derivedFrom", "isSecret"}`, one variable a line; `value` is null where there
    /// is none.
    public static func json(_ entries: [SettingsEntry]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let rows = try entries.filter(isInForce).map { String(decoding: try encoder.encode(Row($0)), as: UTF8.self) }
        return "[\n\(rows.joined(separator: ",\n"))\n]\n"
    }

    /// A default of what this release does not serve is in force for nobody.
    private static func isInForce(_ entry: SettingsEntry) -> Bool {
        entry.variable.support == .served || entry.provenance == .environment
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private struct Row: Encodable {
        let name: String
        let value: String?
        let source: String
        let derivedFrom: [String]
        let isSecret: Bool

        init(_ entry: SettingsEntry) {
            name = entry.variable.name
            value = entry.value
            isSecret = entry.variable.isSecret
            switch entry.provenance {
            case .default: (source, derivedFrom) = ("default", [])
            case .environment: (source, derivedFrom) = ("environment", [])
            case .derived(let sources): (source, derivedFrom) = ("derived", sources)
            }
        }

        // A value that is missing is written as null: readers need not tell two kinds of nothing apart.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(value, forKey: .value)
            try container.encode(source, forKey: .source)
            try container.encode(derivedFrom, forKey: .derivedFrom)
            try container.encode(isSecret, forKey: .isSecret)
        }

        private enum CodingKeys: CodingKey {
            case name, value, source, derivedFrom, isSecret
        }
    }
}
