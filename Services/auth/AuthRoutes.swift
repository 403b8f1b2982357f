import Access
import Database
import Domain
import HTTP
import Hummingbird
import Identity
import LDAP
import Messaging
import OpenIDConnect
import Settings
import Storage

/// Every route of `/auth` and `/oauth2`, put together from the settings.
struct AuthRoutes: Sendable {
    /// What routes use beside the database.
    struct Surroundings: Sendable {
        var hasher: any PasswordChecking
        var providers: [String: ProviderClient] = [:]
        /// Nil where nobody signs in through a directory.
        var directory: (any PersonDirectory)?
        /// Tells all services that credentials have changed.
        var announce: @Sendable (CredentialsChanged) -> Void
        /// Tells a mailer that there is something for it.
        var ring: @Sendable () -> Void
        var now: @Sendable () -> Int64 = { SystemClock.now() }
        /// Of a clock that is never set, for what is counted in memory.
        var instant: @Sendable () -> ContinuousClock.Instant = { .now }
    }

    private let sessions: SessionRoutes
    private let resets: PasswordResetRoutes
    private let providers: OIDCRoutes
    private let directory: LDAPRoutes?

    /// - Parameter secret: `PHOENIX_SECRET`, which is there whenever authentication is on.
    init(_ settings: Settings, secret: Secret, database: Database, _ around: Surroundings) {
        let accounts = settings.accounts
        let signer = TokenSigner(secret: secret)
        let limits = RouteLimits(limit: accounts.limitsRequestRates ? AddressLimit(now: around.instant) : nil)
        let failures = SignInLimit(failuresMax: accounts.signInFailuresMax.map(Int64.init), now: around.now)
        let origin = RequestOrigin(settings)
        let opening = Sessions(
            database: database, signer: signer, scope: CookieScope(settings), accessLife: accounts.accessTokenLife,
            refreshLife: accounts.refreshTokenLife, announce: around.announce, now: around.now)
        let passwords = PasswordSignIn(database: database, hasher: around.hasher, sessions: opening, limit: failures)
        let external = StoredExternalAccounts(database: database, announce: around.announce)
        sessions = SessionRoutes(
            sessions: opening, passwords: accounts.hasPasswords ? passwords : nil, limits: limits,
            rootPath: settings.network.rootPath)
        resets = PasswordResetRoutes(
            database: database, hasher: around.hasher, signer: signer, policy: accounts.passwordPolicy,
            hasPasswords: accounts.hasPasswords, hasMail: settings.mail != nil, life: accounts.passwordResetLife,
            origin: origin, limits: limits, announce: around.announce, ring: around.ring, now: around.now)
        providers = OIDCRoutes(
            providers: around.providers, secret: secret, origin: origin, rootPath: settings.network.rootPath,
            refusalPath: accounts.hasPasswords ? "/login" : "/logout", cookies: CookieScope(settings),
            accounts: external, sessions: opening, limits: limits, now: around.now)
        directory = settings.ldap.flatMap { ldap in
            around.directory.map { directory in
                LDAPRoutes(
                    settings: ldap, directory: directory, accounts: external, sessions: opening, limits: limits,
                    failures: DirectoryFailures(database: database, limit: failures))
            }
        }
    }

    func add<Context: RemoteAddressRequestContext>(to router: Router<Context>) {
        sessions.add(to: router)
        resets.add(to: router)
        providers.add(to: router)
        directory?.add(to: router)
    }
}

extension APIError {
    /// What the layers below throw, as clients should hear it; nil for what nobody expects.
    init?(ofAccounts error: any Error) {
        switch error {
        case is PasswordHasher.Overloaded:
            self.init(.serviceUnavailable, "too many people sign in; try again", retryAfter: .seconds(2))
        case DatabaseError.diskFull, DatabaseError.readOnly:
            self.init(
                .init(code: 507, reasonPhrase: "Insufficient Storage"), "the database has no room",
                retryAfter: .seconds(30), cause: error)
        case let error as DatabaseError where error.isRetryable:
            self.init(
                .serviceUnavailable, "the database cannot be reached; try again", retryAfter: .seconds(1), cause: error)
        default: return nil
        }
    }
}
