import Database
import Domain
import Identity
import Messaging
import Synchronization
import TestSupport
import Testing

@testable import Access
@testable import Storage

private let secret = Secret("a-secret-of-32-characters-number-01")
private let adminSecret = Secret("another-secret-of-32-characters-02")
private let life: Int64 = 1_000_000_000

/// An authenticator over a fresh, migrated database with one account, and a clock that tests move.
private struct Fixture: Sendable {
    let database: Database
    let authenticator: Authenticator
    let user: UserRecord
    let clock: Clock

    final class Clock: Sendable {
        private let time = Mutex(SystemClock.now())
        var now: Int64 { time.withLock { $0 } }
        func advance(_ nanoseconds: Int64) { time.withLock { $0 += nanoseconds } }
    }

    func token(_ kind: TokenID.Kind, _ id: Int64) -> String {
        TokenSigner(secret: secret).sign(TokenID(kind, id)).revealed
    }

    func openSession() async throws -> TokenRepository.Session {
        let (user, now) = (user.id, clock.now)
        return try await database.write {
            try TokenRepository.openSession(of: user, accessLife: life, refreshLife: 10 * life, on: $0, now: now)
        }
    }

    func makeKey(_ draft: APIKeyDraft) async throws -> Int64 {
        try await database.write { try APIKeyRepository.insert(draft, on: $0) }.id
    }

    /// What becomes of a request with these fields: who makes it, or why nobody is known to.
    func answer(_ authorization: String?, cookie: String? = nil) async -> Result<Principal, AuthenticationRefusal> {
        do throws(AuthenticationRefusal) {
            return .success(try await authenticator.principal(authorization: authorization, cookie: cookie))
        } catch {
            return .failure(error)
        }
    }

    func answer(bearer token: String) async -> Result<Principal, AuthenticationRefusal> {
        await answer("Bearer \(token)")
    }
}

private func withAuthenticator(
    memory: Duration = .seconds(3600), _ body: @Sendable (Fixture) async throws -> Void
) async throws {
    try await withDatabases { database in
        try await Migrator(database: database, migrations: allMigrations).migrate()
        let user = try await database.write {
            try UserRepository.insert(
                UserDraft(name: "ada", email: "ada@example.com", role: "MEMBER", method: .local), on: $0)
        }
        let clock = Fixture.Clock()
        let authenticator = Authenticator(
            secret: secret, adminSecret: adminSecret, database: database, memory: memory, now: { clock.now })
        try await body(Fixture(database: database, authenticator: authenticator, user: user, clock: clock))
    }
}

@Suite struct AuthenticatorTests {
    @Test func `Access tokens and API keys make requests, other tokens do not`() async throws {
        try await withAuthenticator { fixture in
            let session = try await fixture.openSession()
            let key = try await fixture.makeKey(APIKeyDraft(userID: fixture.user.id, name: "mine", scope: "READ"))
            let id = fixture.user.id
            #expect(
                await fixture.answer(bearer: fixture.token(.access, session.accessTokenID))
                    == .success(.user(id: id, role: .member, credential: .accessToken(session.accessTokenID))))
            #expect(
                await fixture.answer(bearer: fixture.token(.apiKey, key))
                    == .success(.user(id: id, role: .member, credential: .apiKey(key, scope: KeyScope(.read)))))
            let refused = [
                fixture.token(.refresh, session.refreshTokenID), fixture.token(.passwordReset, 1),
                fixture.token(.access, 99), fixture.token(.apiKey, 99), "nonsense",
                TokenSigner(secret: adminSecret).sign(TokenID(.apiKey, key)).revealed,
            ]
            for token in refused { #expect(await fixture.answer(bearer: token) == .failure(.invalid)) }
        }
    }

    @Test func `An Authorization field counts before a cookie, whatever is in it`() async throws {
        try await withAuthenticator { fixture in
            let session = try await fixture.openSession()
            let token = fixture.token(.access, session.accessTokenID)
            let cookie = "theme=dark; phoenix-access-token=\(token)"
            let known = Result<Principal, AuthenticationRefusal>.success(
                .user(id: fixture.user.id, role: .member, credential: .accessToken(session.accessTokenID)))
            #expect(await fixture.answer(nil, cookie: cookie) == known)
            #expect(await fixture.answer("bEaReR \(token)", cookie: "phoenix-access-token=x") == known)
            #expect(await fixture.answer("Bearer x", cookie: cookie) == .failure(.invalid))
            #expect(await fixture.answer("Basic x", cookie: cookie) == .failure(.missing))
            #expect(await fixture.answer("", cookie: cookie) == .failure(.missing))
            #expect(await fixture.answer(nil) == .failure(.missing))
        }
    }

    @Test func `What has expired is refused from that moment on, remembered or not`() async throws {
        try await withAuthenticator { fixture in
            let session = try await fixture.openSession()
            let key = try await fixture.makeKey(
                APIKeyDraft(userID: fixture.user.id, name: "brief", expiresAt: fixture.clock.now + life))
            let tokens = [fixture.token(.access, session.accessTokenID), fixture.token(.apiKey, key)]
            fixture.clock.advance(life - 1)
            for token in tokens { #expect(await fixture.answer(bearer: token) != .failure(.expired)) }
            fixture.clock.advance(1)
            for token in tokens { #expect(await fixture.answer(bearer: token) == .failure(.expired)) }
        }
    }

    @Test func `What is revoked or changed is believed until a message says so`() async throws {
        try await withAuthenticator { fixture in
            let session = try await fixture.openSession()
            let key = try await fixture.makeKey(APIKeyDraft(userID: fixture.user.id, name: "mine"))
            let tokens = [fixture.token(.access, session.accessTokenID), fixture.token(.apiKey, key)]
            for token in tokens { _ = await fixture.answer(bearer: token) }
            var viewer = fixture.user
            viewer.role = "VIEWER"
            try await fixture.database.write { [viewer] in
                try UserRepository.update(viewer, on: $0)
                try TokenRepository.endSessions(of: viewer.id, on: $0)
            }
            for token in tokens { #expect(try await fixture.answer(bearer: token).get().role == .member) }

            fixture.authenticator.forget(CredentialsChanged(userIDs: [fixture.user.id + 1], apiKeyIDs: [key + 1]))
            for token in tokens { #expect(try await fixture.answer(bearer: token).get().role == .member) }

            fixture.authenticator.forget(CredentialsChanged(userIDs: [fixture.user.id]))
            #expect(await fixture.answer(bearer: tokens[0]) == .failure(.invalid))
            #expect(try await fixture.answer(bearer: tokens[1]).get().role == .viewer)

            try await fixture.database.write { _ = try APIKeyRepository.delete(id: key, on: $0) }
            #expect(try await fixture.answer(bearer: tokens[1]).get().role == .viewer)
            fixture.authenticator.forget(CredentialsChanged(apiKeyIDs: [key]))
            #expect(await fixture.answer(bearer: tokens[1]) == .failure(.invalid))
        }
    }

    @Test func `A key for a project is believed until the project is said to be gone`() async throws {
        try await withAuthenticator { fixture in
            let projects = ProjectRepository(database: fixture.database)
            let ids = try await [
                projects.create(name: "one", description: nil).id, projects.create(name: "other", description: nil).id,
            ]
            var tokens: [String] = []
            for id in ids {
                let key = try await fixture.makeKey(
                    APIKeyDraft(userID: fixture.user.id, name: "of \(id)", projectID: id))
                tokens.append(fixture.token(.apiKey, key))
            }
            for token in tokens { _ = await fixture.answer(bearer: token) }
            for id in ids { try await projects.remove(id: id) }
            for token in tokens { #expect(await fixture.answer(bearer: token) != .failure(.invalid)) }
            fixture.authenticator.forget(project: ids[0])
            #expect(await fixture.answer(bearer: tokens[0]) == .failure(.invalid))
            #expect(await fixture.answer(bearer: tokens[1]) != .failure(.invalid))
        }
    }

    @Test func `Where a message was lost nothing is believed for longer than the memory lasts`() async throws {
        try await withAuthenticator(memory: .zero) { fixture in
            let key = try await fixture.makeKey(APIKeyDraft(userID: fixture.user.id, name: "mine"))
            let token = fixture.token(.apiKey, key)
            #expect(await fixture.answer(bearer: token) != .failure(.invalid))
            try await fixture.database.write { _ = try APIKeyRepository.delete(id: key, on: $0) }
            #expect(await fixture.answer(bearer: token) == .failure(.invalid))
        }
    }

    @Test func `The system user comes by its keys and by the admin secret, and by no session`() async throws {
        try await withAuthenticator { fixture in
            let system = try await fixture.database.write {
                try UserRepository.insert(
                    UserDraft(name: "system", email: "system@localhost", role: "SYSTEM", method: .local), on: $0)
            }
            let key = try await fixture.makeKey(APIKeyDraft(userID: system.id, name: "ours", scope: "INGEST"))
            #expect(
                await fixture.answer(bearer: fixture.token(.apiKey, key))
                    == .success(.system(.apiKey(key, scope: KeyScope(.ingest)))))
            #expect(await fixture.answer(bearer: adminSecret.revealed) == .success(.system(.adminSecret)))
            let cookie = "phoenix-access-token=\(adminSecret.revealed)"
            #expect(await fixture.answer(nil, cookie: cookie) == .failure(.invalid))
            let now = fixture.clock.now
            let session = try await fixture.database.write {
                try TokenRepository.openSession(of: system.id, accessLife: life, refreshLife: life, on: $0, now: now)
            }
            #expect(
                await fixture.answer(bearer: fixture.token(.access, session.accessTokenID)) == .failure(.invalid))
        }
    }

    @Test func `While the database is away who is remembered goes on, and others are told to try again`() async throws {
        try await withAuthenticator { fixture in
            let id = fixture.user.id
            let known = try await fixture.makeKey(APIKeyDraft(userID: id, name: "known"))
            let other = try await fixture.makeKey(APIKeyDraft(userID: id, name: "other"))
            _ = await fixture.answer(bearer: fixture.token(.apiKey, known))
            await fixture.database.close()
            #expect(await fixture.answer(bearer: fixture.token(.apiKey, other)) == .failure(.unavailable))
            #expect(
                await fixture.answer(bearer: fixture.token(.apiKey, known))
                    == .success(.user(id: id, role: .member, credential: .apiKey(known))))
        }
    }

    @Test func `Uses of keys are kept for whoever notes them, once`() async throws {
        try await withAuthenticator { fixture in
            let key = try await fixture.makeKey(APIKeyDraft(userID: fixture.user.id, name: "mine"))
            _ = await fixture.answer(bearer: fixture.token(.apiKey, key))
            let uses = fixture.authenticator.takeUses()
            #expect(uses == [key: fixture.clock.now])
            #expect(fixture.authenticator.takeUses().isEmpty)
            let keys = APIKeyRepository(database: fixture.database)
            try await keys.markUsed(uses)
            try await keys.markUsed([key: fixture.clock.now - 5])
            #expect(try await keys.key(id: key, of: .anyPerson)?.lastUsedAt == fixture.clock.now)
        }
    }
}

@Suite struct CredentialCacheTests {
    private let owner = CredentialOwner(userID: 1, role: "MEMBER", expiresAt: nil, scope: "FULL")

    @Test func `What was read before something was revoked is not remembered after it`() {
        let cache = CredentialCache(life: .seconds(3600))
        let id = TokenID(.apiKey, 1)
        let before = cache.generation
        cache.drop { _, _ in false }
        cache.remember(owner, for: id, generation: before)
        #expect(cache.owner(id) == nil)
        cache.remember(owner, for: id, generation: cache.generation)
        #expect(cache.owner(id) == owner)
    }

    @Test func `It forgets by itself, and holds so many and no more, the newest`() {
        let brief = CredentialCache(life: .zero)
        brief.remember(owner, for: TokenID(.access, 1), generation: brief.generation)
        #expect(brief.owner(TokenID(.access, 1)) == nil)

        let small = CredentialCache(life: .seconds(3600), entriesMax: 8)
        for number in 1...100 {
            small.remember(owner, for: TokenID(.access, Int64(number)), generation: small.generation)
        }
        let kept = (1...100).filter { small.owner(TokenID(.access, Int64($0))) != nil }
        #expect(kept.count <= 8)
        #expect(kept.last == 100)
    }
}
