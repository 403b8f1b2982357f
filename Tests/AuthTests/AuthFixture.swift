import Access
import Database
import Domain
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Messaging
import OpenIDConnect
import Settings
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Identity
@testable import bennu_auth

/// Hashes as the service does, but less hard, and counts how often.
final class CountingHasher: PasswordChecking {
    private let hasher = PasswordHasher(threads: 2, waitingMax: 100, iterations: 100_000)
    private let checks = Mutex(0)

    var checkCount: Int { checks.withLock { $0 } }

    func hash(_ password: Secret) async throws -> PasswordHash { try await hasher.hash(password) }

    func check(_ password: Secret, against stored: StoredPassword) async throws -> PasswordVerdict {
        checks.withLock { $0 += 1 }
        return try await hasher.check(password, against: stored)
    }
}

/// What a service would have told others.
final class Told: Sendable {
    private let changed = Mutex<[CredentialsChanged]>([])
    private let rung = Mutex(0)

    var changes: [CredentialsChanged] { changed.withLock { $0 } }
    var rings: Int { rung.withLock { $0 } }

    func announce(_ change: CredentialsChanged) { changed.withLock { $0.append(change) } }
    func ring() { rung.withLock { $0 += 1 } }
}

/// The routes of the auth service over a fresh, migrated database, with a client of theirs and a clock that tests move.
struct AuthFixture: Sendable {
    static let secret = "a-secret-of-32-characters-number-01"

    let database: Database
    let settings: Settings
    let hasher: CountingHasher
    let told: Told
    let clock: TestClock
    let client: any TestClientProtocol

    /// Somebody who signs in by the password `right`.
    @discardableResult
    func makeUser(
        _ email: String = "ada@example.com", password: String? = "right", role: Role = .member,
        method: UserRecord.Method = .local
    ) async throws -> UserRecord {
        let hash = password.map { PasswordHash(hashing: Secret($0), iterations: 100_000).stored }
        let draft = UserDraft(
            name: String(email.prefix { $0 != "@" }), email: email, role: role.rawValue, method: method,
            passwordHash: hash)
        return try await database.write { try UserRepository.insert(draft, on: $0) }
    }

    func user(_ email: String = "ada@example.com") async throws -> UserRecord {
        try #require(try await UserRepository(database: database).user(.email(email)))
    }

    func send(
        _ method: HTTPRequest.Method, _ uri: String, _ body: String? = nil, cookies: [String: String] = [:],
        from address: String = "10.0.0.1", headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        headers[try #require(HTTPField.Name("x-forwarded-for"))] = address
        if !cookies.isEmpty {
            headers[.cookie] = cookies.map { "\($0)=\($1)" }.sorted().joined(separator: "; ")
        }
        return try await client.execute(
            uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    }

    func login(
        _ email: String = "ada@example.com", _ password: String = "right", from address: String = "10.0.0.1"
    ) async throws -> TestResponse {
        try await send(.post, "/auth/login", #"{"email": "\#(email)", "password": "\#(password)"}"#, from: address)
    }

    /// The cookies of a fresh session.
    func session(_ email: String = "ada@example.com") async throws -> [String: String] {
        let response = try await login(email)
        #expect(response.status == .noContent)
        return response.cookieValues
    }

    /// Whether somebody with these cookies is known, to a service that remembers nothing.
    func knows(_ cookies: [String: String]) async -> Bool {
        let authenticator = Authenticator(
            secret: Secret(Self.secret), adminSecret: nil, database: database, now: { clock.now })
        let field = cookies.map { "\($0)=\($1)" }.joined(separator: "; ")
        return (try? await authenticator.principal(authorization: nil, cookie: field)) != nil
    }

    func count(_ table: String) async throws -> Int64 {
        try await database.read { try $0.query("SELECT COUNT(*) FROM \(table)")[0].integer(0) }
    }
}

final class TestClock: Sendable {
    private let time = Mutex(SystemClock.now())
    var now: Int64 { time.withLock { $0 } }
    func advance(seconds: Int64) { time.withLock { $0 += seconds * 1_000_000_000 } }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    var setCookies: [String] { headers[values: .setCookie] }

    var cookieValues: [String: String] {
        Dictionary(
            setCookies.map { cookie in
                let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
                return (String(pair[0]), pair.count == 2 ? String(pair[1]) : "")
            }, uniquingKeysWith: { $1 })
    }
}

func authSettings(_ variables: [String: String] = [:]) throws -> Settings {
    let base = [
        "PHOENIX_ENABLE_AUTH": "true", "PHOENIX_SECRET": AuthFixture.secret,
        "PHOENIX_DISABLE_RATE_LIMIT": "true", "HOME": "/home/ada",
    ]
    return try Settings(
        Environment(base.merging(variables) { $1 }), files: FileChecks(home: "/home/ada") { _ in true })
}

/// Runs a test on both engines.
func withAuth(
    _ variables: [String: String] = [:], providers: [String: ProviderClient] = [:],
    directory: (any PersonDirectory)? = nil, _ body: @Sendable (AuthFixture) async throws -> Void
) async throws {
    let settings = try authSettings(variables)
    try await withDatabases { database in
        try await Migrator(database: database, migrations: allMigrations).migrate()
        let (hasher, told, clock) = (CountingHasher(), Told(), TestClock())
        let router = Router(context: ServiceRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            ErrorAnswers(
                masksInternalErrors: false, isPlainText: { _ in true }, translate: APIError.init(ofAccounts:))
        }
        AuthRoutes(
            settings, secret: Secret(AuthFixture.secret), database: database,
            .init(
                hasher: hasher, providers: providers, directory: directory, announce: { told.announce($0) },
                ring: { told.ring() }, now: { clock.now }, instant: { [start = ContinuousClock.now] in start })
        ).add(to: router)
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        try await Application(router: router, logger: logger).test(.router) { client in
            try await body(
                AuthFixture(
                    database: database, settings: settings, hasher: hasher, told: told, clock: clock, client: client))
        }
    }
}
