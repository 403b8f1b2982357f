import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why a process does not start, in one line for whoever started it.
public struct StartFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public let line: String
    public let code: ExitReason

    public init(_ line: String, _ code: ExitReason) {
        self.line = line
        self.code = code
    }

    public var description: String { line }
}

extension StartFailure {
    /// A port that could not be listened on. `code` is `errno`; `variable` is what chooses the port.
    public static func listening(host: String, port: Int, variable: String, code: Int32) -> StartFailure {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        let reason = String(cString: strerror(code))
        switch code {
        case EADDRINUSE:
            return StartFailure(
                "port \(port) is in use (on \(shownHost)); stop what listens there, or set \(variable) to another port",
                .unavailable)
        case EACCES:
            return StartFailure(
                "port \(port) may not be listened on by this user (\(reason)); set \(variable) to 1024 or more",
                .unavailable)
        default:
            return StartFailure(
                "cannot listen on \(shownHost):\(port) (\(reason)); see the host's setting and \(variable)",
                .unavailable)
        }
    }

    /// Any error as the one line that a process ends with.
    public init(_ error: any Error) {
        switch error {
        case let failure as StartFailure: self = failure
        case let error as SettingsError: self = StartFailure(error.description, .configuration)
        default: self = StartFailure("\(error)", .failure)
        }
    }
}
