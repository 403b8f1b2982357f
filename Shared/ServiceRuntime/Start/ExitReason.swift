/// What a process of Bennu's ends with. Those that a restart does not cure are told apart, so that whoever supervises it
/// can stop instead of trying for ever (numbers as in BSD's `sysexits.h`).
public enum ExitReason: Int32, Sendable {
    /// Stopped because it was told to, with everything finished.
    case success = 0
    /// Something failed; another start may succeed. Also: not everything was finished in time when it was told to stop.
    case failure = 1
    /// The command line is wrong.
    case usage = 64
    /// The database belongs to a newer release.
    case newerSchema = 65
    /// A port is taken, or an executable or folder that must be there is not.
    case unavailable = 69
    /// A setting is wrong.
    case configuration = 78

    /// Whether the same start would fail in the same way again.
    public var isPermanent: Bool {
        switch self {
        case .success, .failure, .unavailable: false
        case .usage, .newerSchema, .configuration: true
        }
    }
}
