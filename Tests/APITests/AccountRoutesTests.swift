import Access
import Database
import Domain
import HTTPTypes
import Storage
import Synchronization
import Testing

@testable import bennu_api

/// Knows a request by the word in its `Authorization` field.
private struct Words: Authenticating {
    let principals: [String: Principal]

    func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal {
        guard let word = authorization else { throw .missing }
        guard let principal = principals[word] else { throw .invalid }
        return principal
    }

    static let usual = Words(principals: [
        "admin": .user(id: 1, role: .admin, credential: .accessToken(1)),
        "ada": .user(id: 2, role: .member, credential: .accessToken(2)),
        "ada's key": .user(id: 2, role: .member, credential: .apiKey(3)),
        "stranger": .user(id: 99, role: .member, credential: .accessToken(4)),
        "secret": .system(.adminSecret), "system key": .system(.apiKey(5)),
    ])
}

/// Stands for auth: keeps what it is asked for, and answers as it is told.
private final class FakeAuth: AccountSending {
    private let asked = Mutex<[AccountCommand]>([])
    private let answer: @Sendable (AccountCommand) throws(AccountRefusal) -> AccountReply

    init(_ answer: @escaping @Sendable (AccountCommand) throws(AccountRefusal) -> AccountReply = { _ in .done }) {
        self.answer = answer
    }

    var commands: [AccountCommand] { asked.withLock { $0 } }

    func send(_ command: AccountCommand, by actor: Principal) async throws(AccountRefusal) -> AccountReply {
        asked.withLock { $0.append(command) }
        return try answer(command)
    }
}

extension APIFixture {
    /// Four accounts with the ids 1 to 4: the default admin, Ada, the system and somebody of a directory.
    fileprivate func makeUsers() async throws {
        let drafts = [
            UserDraft(name: "admin", email: "admin@localhost", role: "ADMIN", method: .local, mustResetPassword: true),
            UserDraft(
                name: "ada", email: "ada@example.com", role: "MEMBER", method: .oauth2, pictureURL: "https://p/1",
                oauth2ClientID: "client", oauth2UserID: "subject"),
            UserDraft(name: "system", email: "system@localhost", role: "SYSTEM", method: .local),
            UserDraft(name: "eve", email: "eve@example.com", role: "VIEWER", method: .ldap),
        ]
        try await database.write { for draft in drafts { _ = try UserRepository.insert(draft, on: $0) } }
    }

    fileprivate func makeKey(_ draft: APIKeyDraft) async throws -> Int64 {
        try await database.write { try APIKeyRepository.insert(draft, on: $0) }.id
    }

    fileprivate func status(
        _ method: HTTPRequest.Method, _ uri: String, as word: String?, _ body: String? = nil
    ) async throws -> Int {
        try await send(method, uri, body, headers: word.map { [.authorization: $0] } ?? [:]).status.code
    }

    fileprivate func expect(
        _ status: Int, _ method: HTTPRequest.Method, _ uri: String, as word: String?, _ body: String? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await self.status(method, uri, as: word, body)
        #expect(found == status, "\(method) \(uri) as \(word ?? "nobody")", sourceLocation: location)
    }

    fileprivate func object(_ uri: String, as word: String) async throws -> [String: Any] {
        let response = try await send(.get, uri, headers: [.authorization: word])
        #expect(response.status == .ok, "\(uri): \(response.text)")
        return try response.object()
    }

    fileprivate func data(_ uri: String, as word: String) async throws -> [[String: Any]] {
        try #require(try await object(uri, as: word)["data"] as? [[String: Any]])
    }
}

private func id(_ type: String, _ number: Int64) -> String { GlobalID(type, number).description }

@Suite struct UserRoutesTests {
    @Test func `Without authentication one is anonymous, and accounts cannot be made`() async throws {
        try await withAPI { fixture in
            let own = try await fixture.object(.get, "/v1/user")
            #expect(own["data"] as? [String: String] == ["auth_method": "ANONYMOUS"])
            #expect(try await fixture.list("/v1/users").isEmpty)
        }
    }

    @Test func `Everybody sees themselves, each in the form of how they sign in`() async throws {
        try await withAPI(authenticator: Words.usual) { fixture in
            try await fixture.makeUsers()
            let admin = try #require(try await fixture.object("/v1/user", as: "admin")["data"] as? [String: Any])
            #expect(
                Set(admin.keys) == [
                    "id", "created_at", "updated_at", "email", "username", "role", "auth_method",
                    "password_needs_reset",
                ])
            #expect(admin.text("id") == id("User", 1))
            #expect(admin["password_needs_reset"] as? Bool == true)
            let ada = try await fixture.object("/v1/user", as: "ada's key")
            #expect(ada.text("data.auth_method") == "OAUTH2")
            #expect(ada.text("data.oauth2_client_id") == "client")
            #expect(ada.text("data.oauth2_user_id") == "subject")
            #expect(ada.text("data.profile_picture_url") == "https://p/1")
            #expect(try await fixture.object("/v1/user", as: "secret").text("data.role") == "SYSTEM")
            try await fixture.expect(401, .get, "/v1/user", as: "stranger")
        }
    }

    @Test func `Administrators list people, page by page`() async throws {
        try await withAPI(authenticator: Words.usual) { fixture in
            try await fixture.makeUsers()
            try await fixture.expect(403, .get, "/v1/users", as: "ada")
            try await fixture.expect(422, .get, "/v1/users?limit=0", as: "admin")
            try await fixture.expect(422, .get, "/v1/users?cursor=\(id("Project", 1))", as: "admin")
            #expect(try await fixture.data("/v1/users?limit=5000", as: "admin").count == 3)
            let first = try await fixture.object("/v1/users?limit=2", as: "system key")
            #expect((first["data"] as? [[String: Any]])?.compactMap { $0.text("username") } == ["admin", "ada"])
            let cursor = try #require(first.text("next_cursor"))
            let second = try await fixture.object("/v1/users?limit=2&cursor=\(cursor)", as: "secret")
            #expect((second["data"] as? [[String: Any]])?.compactMap { $0.text("username") } == ["eve"])
            #expect(second.keys.contains("next_cursor"))
            #expect(second.text("next_cursor") == nil)
        }
    }

    @Test func `An account is made by auth, welcomed unless the body says no, and shown`() async throws {
        let auth = FakeAuth { _ in .user(2) }
        try await withAPI(authenticator: Words.usual, accounts: auth) { fixture in
            try await fixture.makeUsers()
            let user = #"{"email":"a@b.c","username":"a","role":"VIEWER","auth_method":"LOCAL","password":"pass1"}"#
            for extra in ["", #","send_welcome_email":false"#] {
                let response = try await fixture.send(
                    .post, "/v1/users", #"{"user":\#(user)\#(extra)}"#, headers: [.authorization: "admin"])
                #expect(response.status == .created)
                #expect(try response.object().text("data.id") == id("User", 2))
                #expect(!response.text.contains("pass1"))
            }
        }
        let made = auth.commands.compactMap { if case .createUser(let user) = $0 { user } else { nil } }
        #expect(made.map(\.isWelcomed) == [true, false, true, false])
        #expect(made.allSatisfy { $0.email == "a@b.c" && $0.role == .viewer && $0.password == "pass1" })
    }

    @Test func `What auth refuses is said in REST's own words, and its absence as well`() async throws {
        let body = #"{"user":{"email":"a@b.c","username":"a","role":"VIEWER","auth_method":"LDAP"}}"#
        let expected: [(AccountRefusal.Kind, Int)] = [
            (.invalid, 422), (.conflict, 409), (.notFound, 404), (.forbidden, 403), (.unavailable, 503),
            (.storageFull, 507),
        ]
        for (kind, status) in expected {
            let auth = FakeAuth { _ throws(AccountRefusal) in throw AccountRefusal(kind, "Email already exists") }
            try await withAPI(authenticator: Words.usual, accounts: auth) { fixture in
                let response = try await fixture.send(.post, "/v1/users", body, headers: [.authorization: "admin"])
                #expect(response.status.code == status)
                #expect(response.text == "Email already exists")
                #expect((response.headers[.retryAfter] != nil) == [.unavailable, .storageFull].contains(kind))
            }
        }
    }

    @Test func `A body that makes no account never reaches auth`() async throws {
        let auth = FakeAuth()
        try await withAPI(authenticator: Words.usual, accounts: auth) { fixture in
            let bodies: [(String, Int)] = [
                (#"{"user":{"email":"a@b.c","username":"a","role":"KING","auth_method":"LDAP"}}"#, 400),
                (#"{"user":{"email":"a@b.c","username":"a","role":"SYSTEM","auth_method":"LDAP"}}"#, 400),
                (#"{"user":{"username":"a","role":"VIEWER","auth_method":"LDAP"}}"#, 422), ("{}", 422),
                ("nonsense", 422),
            ]
            for (body, status) in bodies {
                try await fixture.expect(status, .post, "/v1/users", as: "admin", body)
            }
            try await fixture.expect(403, .post, "/v1/users", as: "ada", bodies[0].0)
        }
        #expect(auth.commands.isEmpty)
    }

    @Test func `Accounts are deleted by their node id, but for those that must stay`() async throws {
        let auth = FakeAuth()
        try await withAPI(authenticator: Words.usual, accounts: auth) { fixture in
            try await fixture.makeUsers()
            let expected: [(String, String, Int)] = [
                (id("User", 2), "admin", 204), (id("User", 2), "ada", 403), (id("User", 1), "admin", 403),
                (id("User", 3), "admin", 403), (id("User", 99), "admin", 404), (id("Project", 2), "admin", 422),
                ("2", "admin", 422),
            ]
            for (user, word, status) in expected {
                try await fixture.expect(status, .delete, "/v1/users/\(user)", as: word)
            }
        }
        #expect(auth.commands.count == 2)
        for command in auth.commands {
            guard case .deleteUsers([2]) = command else {
                Issue.record("\(command)")
                continue
            }
        }
    }
}

@Suite struct APIKeyRoutesTests {
    @Test func `Without authentication there are no keys to manage`() async throws {
        try await withAPI { fixture in
            let body = #"{"data":{"name":"k"}}"#
            for path in ["/v1/user/api_keys", "/v1/system/api_keys"] {
                try await fixture.expect(403, .get, path, as: nil)
                try await fixture.expect(403, .post, path, as: nil, body)
                try await fixture.expect(403, .delete, "\(path)/\(id("UserApiKey", 1))", as: nil)
            }
            try await fixture.expect(403, .get, "/v1/users/api_keys", as: nil)
        }
    }

    @Test func `A key is shown once, with what it was asked to be`() async throws {
        let auth = FakeAuth { _ in .key(id: 1, token: "the-token") }
        try await withAPI(authenticator: Words.usual, accounts: auth) { fixture in
            try await fixture.makeUsers()
            let project = try await fixture.object(.post, "/v1/projects", #"{"name":"shop"}"#, as: "ada")
            _ = try await fixture.makeKey(
                APIKeyDraft(userID: 2, name: "k", scope: "INGEST", projectID: 1, expiresAt: 1_800_000_000_000_000_000))
            let expiry = "2027-01-15T08:00:00Z"
            let body =
                #"{"data":{"name":"k","description":"d","expires_at":"\#(expiry)","scope":"ingest","project":"shop"}}"#
            let response = try await fixture.send(.post, "/v1/user/api_keys", body, headers: [.authorization: "ada"])
            #expect(response.status == .created)
            let key = try #require(try response.object()["data"] as? [String: Any])
            #expect(
                Set(key.keys) == [
                    "id", "name", "description", "created_at", "expires_at", "key", "scope", "project_id",
                    "last_used_at",
                ])
            #expect(key.text("key") == "the-token")
            #expect(key.text("id") == id("UserApiKey", 1))
            #expect(key.text("scope") == "ingest")
            #expect(key.text("project_id") == project.text("data.id"))
            let listed = try #require(try await fixture.data("/v1/user/api_keys", as: "ada").first)
            #expect(listed["key"] == nil)
            #expect(listed.text("name") == "k")
        }
        guard case .createKey(let key)? = auth.commands.first else {
            Issue.record("auth was not asked")
            return
        }
        #expect((key.name, key.description, key.scope) == ("k", "d", .ingest))
        #expect(key.expiresAt == 1_800_000_000_000_000_000)
        #expect(key.projectID != nil && !key.isSystem)
    }

    @Test func `Keys are made by sessions, the system's by the admin secret too`() async throws {
        let auth = FakeAuth { _ throws(AccountRefusal) in throw AccountRefusal(.conflict, "asked") }
        try await withAPI(authenticator: Words.usual, accounts: auth) { fixture in
            let expected: [(String, String, Int)] = [
                ("/v1/user/api_keys", "ada", 409), ("/v1/user/api_keys", "ada's key", 403),
                ("/v1/user/api_keys", "secret", 403), ("/v1/user/api_keys", "system key", 403),
                ("/v1/system/api_keys", "admin", 409), ("/v1/system/api_keys", "secret", 409),
                ("/v1/system/api_keys", "system key", 403), ("/v1/system/api_keys", "ada", 403),
            ]
            for (path, word, status) in expected {
                let got = try await fixture.status(.post, path, as: word, #"{"data":{"name":"k"}}"#)
                #expect(got == status, "\(path) as \(word)")
            }
            let refused: [(String, Int)] = [
                (#"{"data":{"name":"k","scope":"all"}}"#, 422), (#"{"data":{"name":"k","project":"none"}}"#, 404),
                (#"{"data":{"name":"k","expires_at":"soon"}}"#, 422), (#"{"data":{}}"#, 422), ("{}", 422),
            ]
            for (body, status) in refused {
                try await fixture.expect(status, .post, "/v1/user/api_keys", as: "ada", body)
            }
        }
    }

    @Test func `Everybody lists their own, administrators everybody's and the system's`() async throws {
        try await withAPI(authenticator: Words.usual) { fixture in
            try await fixture.makeUsers()
            for (owner, name) in [(2, "a"), (1, "b"), (3, "c"), (2, "d")] as [(Int64, String)] {
                _ = try await fixture.makeKey(APIKeyDraft(userID: owner, name: name))
            }
            let names = { (keys: [[String: Any]]) in keys.compactMap { $0.text("name") } }
            #expect(names(try await fixture.data("/v1/user/api_keys", as: "ada's key")) == ["a", "d"])
            #expect(try await fixture.data("/v1/user/api_keys", as: "secret").isEmpty)
            try await fixture.expect(403, .get, "/v1/user/api_keys", as: "system key")
            let system = try await fixture.data("/v1/system/api_keys", as: "admin")
            #expect(system.compactMap { $0.text("id") } == [id("SystemApiKey", 3)])
            try await fixture.expect(403, .get, "/v1/system/api_keys", as: "ada")

            try await fixture.expect(403, .get, "/v1/users/api_keys", as: "ada")
            try await fixture.expect(422, .get, "/v1/users/api_keys?limit=1001", as: "admin")
            let first = try await fixture.object("/v1/users/api_keys?limit=2", as: "admin")
            let found = try #require(first["data"] as? [[String: Any]])
            #expect(names(found) == ["a", "b"])
            #expect(found[0].text("user.email") == "ada@example.com")
            #expect(found[0].text("user.id") == id("User", 2))
            let cursor = try #require(first.text("next_cursor"))
            #expect(names(try await fixture.data("/v1/users/api_keys?limit=2&cursor=\(cursor)", as: "admin")) == ["d"])
            try await fixture.expect(422, .get, "/v1/users/api_keys?cursor=x", as: "admin")
        }
    }

    @Test func `Keys are deleted by an id of their kind`() async throws {
        let auth = FakeAuth()
        try await withAPI(authenticator: Words.usual, accounts: auth) { fixture in
            let expected: [(String, String, Int)] = [
                ("/v1/user/api_keys/\(id("UserApiKey", 4))", "ada", 204),
                ("/v1/user/api_keys/\(id("SystemApiKey", 4))", "admin", 404),
                ("/v1/system/api_keys/\(id("UserApiKey", 4))", "admin", 404),
                ("/v1/system/api_keys/\(id("SystemApiKey", 4))", "admin", 204),
                ("/v1/system/api_keys/\(id("SystemApiKey", 4))", "ada", 403),
                ("/v1/user/api_keys/\(id("User", 4))", "ada", 422), ("/v1/user/api_keys/4", "ada", 422),
            ]
            for (uri, word, status) in expected {
                try await fixture.expect(status, .delete, uri, as: word)
            }
        }
        #expect(auth.commands.count == 4)
    }
}

@Suite struct KeyScopeRouteTests {
    private static func key(_ kind: KeyScope.Kind, _ project: KeyScope.Project? = nil) -> Principal {
        .user(id: 1, role: .admin, credential: .apiKey(1, scope: KeyScope(kind, project: project)))
    }

    @Test func `A key for one project opens it by name and by id, and nothing else`() async throws {
        let words = Words(principals: [
            "setup": .user(id: 1, role: .admin, credential: .accessToken(1)),
            "shop": Self.key(.full, .init(id: 1, name: "shop one")),
            "named": Self.key(.full, .init(id: 9, name: id("Project", 1))),
        ])
        // A stream of live events that ends at once.
        let events = LiveEvents()
        events.close()
        try await withAPI(events: events, authenticator: words) { fixture in
            _ = try await fixture.object(.post, "/v1/projects", #"{"name":"shop one"}"#, as: "setup")
            _ = try await fixture.object(.post, "/v1/projects", #"{"name":"other"}"#, as: "setup")
            let expected: [(String, String, Int)] = [
                ("/v1/projects/shop%20one", "shop", 200), ("/v1/projects/\(id("Project", 1))", "shop", 200),
                ("/v1/projects/shop%20one/spans", "shop", 200),
                ("/bennu/v1/projects/shop%20one/events", "shop", 200), ("/bennu/v1/events", "shop", 403),
                ("/bennu/v1/projects/other/events", "shop", 403), ("/v1/projects/other", "shop", 403),
                ("/v1/projects/\(id("Project", 2))", "shop", 403),
                ("/v1/projects", "shop", 403), ("/v1/user", "shop", 403),
                ("/graphql?query=%7B__typename%7D", "shop", 403),
                // Its project is named like the id of another, which that identifier means.
                ("/v1/projects/\(id("Project", 1))", "named", 403),
            ]
            for (uri, word, status) in expected {
                try await fixture.expect(status, .get, uri, as: word)
            }
        }
    }

    @Test func `A key to read changes nothing, and one to send spans reads nothing`() async throws {
        let words = Words(principals: ["read": Self.key(.read), "ingest": Self.key(.ingest)])
        try await withAPI(authenticator: words) { fixture in
            try await fixture.expect(200, .get, "/v1/projects", as: "read")
            try await fixture.expect(403, .post, "/v1/projects", as: "read", #"{"name":"x"}"#)
            try await fixture.expect(403, .get, "/v1/users", as: "read")
            try await fixture.expect(403, .get, "/v1/projects", as: "ingest")
        }
    }
}

extension APIFixture {
    fileprivate func object(
        _ method: HTTPRequest.Method, _ uri: String, _ body: String, as word: String
    ) async throws -> [String: Any] {
        let response = try await send(method, uri, body, headers: [.authorization: word])
        #expect((200..<300).contains(response.status.code), "\(uri): \(response.text)")
        return try response.object()
    }
}
