import Logging

extension Supervisor.Report {
    func log(to logger: Logger) {
        switch self {
        case .restarting(let kind, let exit, let delay):
            logger.warning(
                "a service ended; starting it again",
                metadata: [
                    "service": "\(kind.rawValue)", "reason": "\(exit)", "in": "\(Int(delay / .milliseconds(1))) ms",
                ])
        case .backInService(let kind):
            logger.info("a service is ready again", metadata: ["service": "\(kind.rawValue)"])
        case .cannotRun(let kind, let exit):
            logger.critical(
                "a service cannot run; stopping", metadata: ["service": "\(kind.rawValue)", "reason": "\(exit)"])
        case .stopping: logger.info("stopping")
        case .killing(let kinds):
            logger.warning(
                "some services did not stop in time; ending them",
                metadata: ["services": "\(kinds.map(\.rawValue).joined(separator: ", "))"])
        }
    }
}
