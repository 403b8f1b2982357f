#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The environment variables that settings are read from.
public struct Environment: Sendable {
    private let values: [String: String]

    public init(_ values: [String: String]) {
        self.values = values
    }

    /// Those of this process.
    public static var process: Environment { Environment(ProcessInfo.processInfo.environment) }

    /// All names, also those whose value is empty.
    public var names: Set<String> { Set(values.keys) }

    /// The value of a variable. One that is empty counts as not set.
    public subscript(_ name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// The same environment with some variables set, or taken away where the value is nil.
    public func setting(_ changes: [String: String?]) -> Environment {
        var changed = values
        for (name, value) in changes { changed[name] = value }
        return Environment(changed)
    }

    /// `NAME=value` for each variable, sorted by name: what a child process is given.
    public var assignments: [String] { values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } }
}
