/// One value that cannot be used.
public struct SettingsProblem: Sendable, Hashable, CustomStringConvertible {
    public let variable: String
    /// The value as it may be shown; nil if there is none.
    public let shownValue: String?
    /// What is wrong, as the end of a sentence that begins with the variable: `is not a number`.
    public let problem: String
    /// What would be right: `set it to a number from 1 to 65535`.
    public let remedy: String

    public init(variable: String, shownValue: String?, problem: String, remedy: String) {
        self.variable = variable
        self.shownValue = shownValue
        self.problem = problem
        self.remedy = remedy
    }

    /// One line: variable, value, what is wrong with it and what would be right.
    public var description: String {
        let value = shownValue.map { "=\(OneLine.quoted($0))" } ?? ""
        return "\(variable)\(value) \(problem); \(remedy)"
    }
}

/// Why a process does not start: every value that cannot be used, one line each.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    public let problems: [SettingsProblem]

    public init(problems: [SettingsProblem]) {
        self.problems = problems
    }

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
