import Domain

/// Whose line it is, before the line: `collector | `. In colours where a person looks at it.
struct LogPrefix {
    static let launcherName = "bennu"

    enum Style: Equatable {
        /// The lines are JSON objects that name their service themselves.
        case none
        case plain
        case colored
    }

    let style: Style

    private static let width = (ServiceKind.allCases.map(\.rawValue) + [launcherName]).map(\.count).max() ?? 0

    /// The prefix of a service, or of the launcher itself.
    func text(_ kind: ServiceKind?) -> String {
        guard style != .none else { return "" }
        let name = kind?.rawValue ?? Self.launcherName
        let prefix = name + String(repeating: " ", count: Self.width - name.count) + " |"
        return style == .colored ? "\u{1B}[\(Self.color(kind))m\(prefix)\u{1B}[0m " : prefix + " "
    }

    /// Numbers of ANSI's foreground colours (ECMA-48, "SGR").
    private static func color(_ kind: ServiceKind?) -> Int {
        switch kind {
        case .collector: 36
        case .api: 32
        case .auth: 35
        case .mailer: 34
        case nil: 33
        }
    }
}
