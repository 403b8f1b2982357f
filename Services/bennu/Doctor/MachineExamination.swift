import Foundation
import ServiceRuntime
import Settings

/// Looks at the disk and the ports.
struct MachineExamination {
    private static let freeBytesComfortable: UInt64 = 1 << 30
    private static let freeBytesMin: UInt64 = 100 << 20

    let settings: Settings
    let environment: Environment

    func folders() -> [Finding] {
        let path = settings.workingDirectory
        guard access(path, F_OK) == 0 else {
            return [.good("working folder", "\(path) is not there yet; the first start makes it")]
        }
        guard access(path, W_OK | X_OK) == 0 else {
            return [
                .bad("working folder", "\(path) may not be written by this user; change that, or PHOENIX_WORKING_DIR")
            ]
        }
        return [.good("working folder", path), disk(path)]
    }

    private func disk(_ path: String) -> Finding {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            return .warning("disk", "cannot tell how much is free: \(String(cString: strerror(errno)))")
        }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        let text = "\(free >> 20) MiB are free at \(path)"
        if free < Self.freeBytesMin { return .bad("disk", "only \(text); make room") }
        return free < Self.freeBytesComfortable ? .warning("disk", "only \(text)") : .good("disk", text)
    }

    /// A port is fine if it is free, or if a service of ours answers there.
    func ports() -> [Finding] {
        let plan = ServePlan(settings: settings, environment: environment, executables: "")
        do {
            try plan.checkPortsDiffer()
        } catch {
            return [.bad("ports", error.line)]
        }
        return plan.ports.map(finding)
    }

    private func finding(_ port: ServePlan.Port) -> Finding {
        let subject = "port \(port.number)"
        switch PortCheck.obstacle(host: port.host, port: port.number) {
        case nil: return .good(subject, "free, for \(port.kind.rawValue)")
        case EADDRINUSE?:
            guard port.answersHealth, port.canBeAsked else {
                return .warning(subject, "in use; that is right if \(port.kind.rawValue) runs (\(port.variable))")
            }
            switch ReadinessProbe.status(port.target, path: "/readyz") {
            case 200?: return .good(subject, "\(port.kind.rawValue) answers and is ready")
            case 503?: return .bad(subject, "\(port.kind.rawValue) answers, but is not ready; its log says why")
            default:
                return .bad(subject, "something else listens there; stop it, or set \(port.variable) to another port")
            }
        case let code?:
            let failure = StartFailure.listening(
                host: port.host, port: port.number, variable: port.variable, code: code)
            return .bad(subject, failure.line)
        }
    }
}
