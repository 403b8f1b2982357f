import Access
import Database
import Domain
import Logging
import Messaging
import Observability
import Settings
import Storage

/// What a service is given at its start.
public struct ServiceContext: Sendable {
    public let kind: ServiceKind
    /// Names this process among all of the deployment; new at every start.
    public let instance: String
    public let settings: Settings
    public let logger: Logger
    /// Not to be written to while `gate` is shut.
    public let database: Database
    /// Shut until the database is reached and has this release's schema. Until then requests are refused as retryable.
    public let gate: DatabaseGate
    /// Runs once the gate is open; what is published before waits until then.
    public let bus: MessageBus
    public let metrics: MetricsRegistry
    public let readiness: Readiness
    /// Nil where nothing of this service is encrypted.
    public let certificate: ServerCertificate?
    /// Tells who makes a request; everybody is anyone where authentication is off.
    public var authenticator: any Authenticating { accounts ?? NoAuthentication() }
    /// Nil where authentication is off.
    let accounts: Authenticator?
    /// What spans cost, kept up with what people change.
    public let prices = CurrentPrices()
}
