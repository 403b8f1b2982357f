import Domain
import Logging
import Messaging
import ServiceLifecycle
import Storage

/// Keeps what an authenticator remembers up with what others change, and notes which API keys were used.
public struct CredentialWatch: Service {
    private static let interval = Duration.seconds(30)

    let authenticator: Authenticator
    let keys: APIKeyRepository
    let bus: MessageBus
    let logger: Logger

    public init(authenticator: Authenticator, keys: APIKeyRepository, bus: MessageBus, logger: Logger) {
        self.authenticator = authenticator
        self.keys = keys
        self.bus = bus
        self.logger = logger
    }

    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await change in bus.subscribe(CredentialsChanged.self) { authenticator.forget(change) }
                }
                group.addTask {
                    for await change in bus.subscribe(ProjectChanged.self) where change.change == .deleted {
                        authenticator.forget(project: change.projectID)
                    }
                }
                group.addTask {
                    while true {
                        try await Task.sleep(for: Self.interval)
                        await noteUses()
                    }
                }
                try await group.waitForAll()
            }
        }
        await noteUses()
    }

    /// When a key was used last is worth no retry: its next use is noted too.
    private func noteUses() async {
        do {
            try await keys.markUsed(authenticator.takeUses())
        } catch {
            logger.debug("uses of API keys could not be noted", metadata: ["error": "\(error)"])
        }
    }
}
