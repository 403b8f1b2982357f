import Access
import Foundation
import HTTPTypes
import HummingbirdTesting
import Storage
import Synchronization
import Testing

@testable import bennu_api

/// Does what it is asked to users and keys of the tests' database, by no rules.
private final class RecordingAccounts: AccountSending {
    private let commands = Mutex<[String]>([])
    let answer: AccountReply

    init(_ answer: AccountReply) { self.answer = answer }

    var seen: [String] { commands.withLock { $0 } }

    private func note(_ text: String) { commands.withLock { $0.append(text) } }

    func send(_ command: AccountCommand, by actor: Principal) async throws(AccountRefusal) -> AccountReply {
        var subject = ""
        if case .createUser(let user) = command { subject = user.email }
        note("\(subject) by \(actor.userID ?? 0)")
        if case .refused(let refusal) = answer { throw refusal }
        return answer
    }
}

/// The third user is a member, the fourth a viewer; anybody else administers.
private struct ByNumber: Authenticating {
    func principal(authorization: String?, cookie: String?) async throws(AuthenticationRefusal) -> Principal {
        guard let id = authorization.flatMap(Int64.init) else { throw .missing }
        return .user(id: id, role: id == 3 ? .member : id == 4 ? .viewer : .admin, credential: .accessToken(id))
    }
}

@Suite("Accounts over GraphQL", .serialized)
struct AccountsGraphQLTests {
    private func ask(
        _ api: APIFixture, _ query: String, as user: Int?
    ) async throws -> (status: Int, text: String) {
        let body = String(decoding: try JSONEncoder().encode(["query": query]), as: UTF8.self)
        let headers: HTTPFields = user.map { [.authorization: "\($0)"] } ?? [:]
        let answer = try await api.send(.post, "/graphql", body, headers: headers)
        return (Int(answer.status.code), answer.text)
    }

    private func makePeople(_ api: APIFixture) async throws {
        try await api.database.write { connection in
            for (name, role) in [("system", "SYSTEM"), ("admin", "ADMIN"), ("max", "MEMBER"), ("vera", "VIEWER")] {
                let user = try UserRepository.insert(
                    UserDraft(name: name, email: "\(name)@example.com", role: role, method: .local), on: connection)
                _ = try APIKeyRepository.insert(
                    APIKeyDraft(userID: user.id, name: "key of \(name)"), on: connection)
            }
        }
    }

    @Test("people see themselves, and administrators everybody")
    func reading() async throws {
        try await withAPI(authenticator: ByNumber()) { api in
            try await makePeople(api)
            let viewer = try await ask(
                api, "{viewer{username email role{name} apiKeyCount apiKeys{name user{username}}}}", as: 4)
            #expect(
                viewer.text
                    == #"{"data":{"viewer":{"username":"vera","email":"vera@example.com","role":{"name":"VIEWER"},"#
                    + #""apiKeyCount":1,"apiKeys":[{"name":"key of vera","user":{"username":"vera"}}]}}}"#)
            let all = try await ask(api, "{users(first:2){edges{node{username}} pageInfo{hasNextPage}}}", as: 2)
            #expect(
                all.text
                    == #"{"data":{"users":{"edges":[{"node":{"username":"admin"}},{"node":{"username":"max"}}],"#
                    + #""pageInfo":{"hasNextPage":true}}}}"#)
            let keys = try await ask(api, "{systemApiKeys{name} userApiKeys{name}}", as: 2)
            #expect(keys.text.contains("key of system") && keys.text.contains("key of vera"))
            for query in ["{users{edges{node{id}}}}", "{userApiKeys{id}}", "{systemApiKeys{id}}"] {
                let refused = try await ask(api, query, as: 3)
                #expect(refused.status == 200)
                #expect(refused.text.contains("Only admin can perform this action"))
            }
            let stranger = try await ask(api, "{viewer{id}}", as: nil)
            #expect(stranger.status == 401)
        }
    }

    @Test("nobody but administrators finds another by id")
    func nodes() async throws {
        try await withAPI(authenticator: ByNumber()) { api in
            try await makePeople(api)
            // User:4
            let query = #"{node(id:"VXNlcjo0"){... on User{email}}}"#
            let own = try await ask(api, query, as: 4)
            #expect(own.text == #"{"data":{"node":{"email":"vera@example.com"}}}"#)
            let admins = try await ask(api, query, as: 2)
            #expect(admins.text == own.text)
            let others = try await ask(api, query, as: 3)
            #expect(others.text.contains("Only admin can perform this action") && !others.text.contains("vera@"))
        }
    }

    @Test("what people change goes to auth with who they are, and what it refuses is told")
    func changing() async throws {
        let done = RecordingAccounts(.user(3))
        try await withAPI(authenticator: ByNumber(), accounts: done) { api in
            try await makePeople(api)
            let made = try await ask(
                api,
                #"mutation{createUser(input:{email:"e@x.org",username:"e",password:"pass",role:MEMBER}){user{username}}}"#,
                as: 2)
            #expect(made.text == #"{"data":{"createUser":{"user":{"username":"max"}}}}"#)
            let seen = try #require(done.seen.last)
            #expect(seen.contains("e@x.org") && seen.hasSuffix("by 2"))
            let count = done.seen.count
            let refused = try await ask(
                api, #"mutation{deleteUsers(input:{userIds:["VXNlcjo0"]}){userIds}}"#, as: 3)
            #expect(refused.text.contains("Only admin can perform this action"))
            #expect(done.seen.count == count)
        }
        let refusal = RecordingAccounts(.refused(AccountRefusal(.conflict, "Email already exists")))
        try await withAPI(authenticator: ByNumber(), accounts: refusal) { api in
            try await makePeople(api)
            let answer = try await ask(
                api, #"mutation{patchViewer(input:{newUsername:"x"}){user{id}}}"#, as: 3)
            #expect(answer.status == 200 && answer.text.contains("Email already exists"))
        }
    }

    @Test("without authentication there is nobody, and nothing to manage")
    func without() async throws {
        try await withAPI { api in
            let viewer = try await ask(api, "{viewer{id}}", as: nil)
            #expect(viewer.text == #"{"data":{"viewer":null}}"#)
            for query in ["{users{edges{node{id}}}}", #"mutation{createSystemApiKey(input:{name:"x"}){jwt}}"#] {
                let refused = try await ask(api, query, as: nil)
                #expect(refused.text.contains("Authentication must be enabled to manage API keys"))
            }
        }
    }
}
