import Database
import Domain
import Identity
import Messaging
import Storage
import Synchronization

/// Tells who makes a request by what they signed in with: an access token, an API key or `PHOENIX_ADMIN_SECRET`.
///
/// What it remembers is gone within a second of a `CredentialsChanged` message, and within a minute without one. While the
/// database is away those who are remembered go on for that minute, and nobody else.
public final class Authenticator: Authenticating {
    /// The longest that a revoked credential is believed where a message was lost.
    public static let memory = Duration.seconds(60)

    private let signer: TokenSigner
    private let adminSecret: Secret?
    private let credentials: CredentialRepository
    private let cache: CredentialCache
    private let now: @Sendable () -> Int64
    /// API keys that were used, and when: not yet in the database.
    private let uses = Mutex<[Int64: Int64]>([:])

    /// - Parameter now: nanoseconds since 1970.
    public init(
        secret: Secret, adminSecret: Secret?, database: Database, memory: Duration = Authenticator.memory,
        now: @escaping @Sendable () -> Int64 = SystemClock.now
    ) {
        signer = TokenSigner(secret: secret)
        self.adminSecret = adminSecret
        credentials = CredentialRepository(database: database)
        cache = CredentialCache(life: memory)
        self.now = now
    }

    public func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal {
        let presented = PresentedCredential(authorization: authorization, cookie: cookie)
        guard let token = presented.token else { throw .missing }
        if let adminSecret, authorization != nil, token == adminSecret { return .system(.adminSecret) }
        let id: TokenID
        do {
            id = try signer.verify(token)
        } catch {
            throw .invalid
        }
        let owner = try await owner(id)
        guard owner.expiresAt.map({ $0 > now() }) ?? true else { throw .expired }
        if id.kind == .apiKey { uses.withLock { $0[id.number] = now() } }
        return try Self.principal(owner, id)
    }

    /// Forgets what a message says is gone or changed.
    public func forget(_ change: CredentialsChanged) {
        cache.drop { id, owner in
            change.userIDs.contains(owner.userID)
                || (id.kind == .apiKey ? change.apiKeyIDs : change.accessTokenIDs).contains(id.number)
        }
    }

    /// Forgets keys for a project that is gone, and so are they.
    public func forget(project id: Int64) {
        cache.drop { _, owner in owner.projectID == id }
    }

    /// The keys that were used since the last time, with the time of their last use.
    func takeUses() -> [Int64: Int64] {
        uses.withLock { uses in
            defer { uses = [:] }
            return uses
        }
    }

    private func owner(_ id: TokenID) async throws(AuthenticationRefusal) -> CredentialOwner {
        if let known = cache.owner(id) { return known }
        let generation = cache.generation
        let found: CredentialOwner?
        do {
            switch id.kind {
            case .access: found = try await credentials.owner(accessToken: id.number)
            case .apiKey: found = try await credentials.owner(apiKey: id.number)
            // They are for other things than to make requests.
            case .refresh, .passwordReset: throw AuthenticationRefusal.invalid
            }
        } catch let refusal as AuthenticationRefusal {
            throw refusal
        } catch {
            throw .unavailable
        }
        guard let found else { throw .invalid }
        cache.remember(found, for: id, generation: generation)
        return found
    }

    private static func principal(
        _ owner: CredentialOwner, _ id: TokenID
    ) throws(AuthenticationRefusal) -> Principal {
        guard let role = Role(rawValue: owner.role), let kind = KeyScope.Kind(rawValue: owner.scope) else {
            throw .invalid
        }
        let project = owner.projectID.map { KeyScope.Project(id: $0, name: owner.projectName ?? "") }
        let scope = KeyScope(kind, project: project)
        guard role == .system else {
            let credential: Principal.Credential =
                id.kind == .apiKey ? .apiKey(id.number, scope: scope) : .accessToken(id.number)
            return .user(id: owner.userID, role: role, credential: credential)
        }
        // The system cannot sign in.
        guard id.kind == .apiKey else { throw .invalid }
        return .system(.apiKey(id.number, scope: scope))
    }
}
