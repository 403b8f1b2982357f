/// Where a value came from.
public enum Provenance: Sendable, Hashable, CustomStringConvertible {
    case `default`
    /// The variable itself is set.
    case environment
    /// It follows from other variables.
    case derived(from: [String])

    public var description: String {
        switch self {
        case .default: "default"
        case .environment: "environment"
        case .derived(let sources): "derived from \(sources.joined(separator: ", "))"
        }
    }
}

/// What is in force for one variable.
public struct SettingsEntry: Sendable, Hashable {
    static let secret = "(secret)"

    public let variable: Variable
    /// As it may be shown; nil if there is none.
    public let value: String?
    public let provenance: Provenance
}
