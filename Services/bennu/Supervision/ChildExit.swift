import ServiceRuntime

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How a process ended.
enum ChildExit: Equatable, Sendable {
    case code(Int32)
    case signal(Int32)
    /// It could not be started at all; `errno`.
    case notStarted(Int32)

    /// The reason that a service of ours ended with, if it is one.
    var reason: ExitReason? {
        guard case .code(let code) = self else { return nil }
        return ExitReason(rawValue: code)
    }

    /// What one that was asked to stop may end with: it may not have got as far as to hear the signal as its own.
    var isOrderly: Bool { self == .code(ExitReason.success.rawValue) || self == .signal(SIGTERM) }
}

extension ChildExit: CustomStringConvertible {
    /// The end of a sentence that begins with the service.
    var description: String {
        switch self {
        case .code(let code): "ended with exit code \(code)"
        case .signal(let number): "was ended by signal \(number) (\(String(cString: strsignal(number))))"
        case .notStarted(let code): "could not be started (\(String(cString: strerror(code))))"
        }
    }
}
