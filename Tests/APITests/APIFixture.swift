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
import Storage
import TestSupport
import Testing

import class GraphQL.GraphQLServer

@testable import bennu_api

/// The API's routes over a fresh, migrated database, with a client of theirs.
struct APIFixture: Sendable {
    let database: Database
    let writer: SpanWriter
    let client: any TestClientProtocol
    let routes: [(method: HTTPRequest.Method, path: String)]

    /// Puts spans in as a collector does.
    func store(_ spans: [TestSpan], project: String? = nil) async throws {
        try await writer.write(TestSpan.batch(spans), project: project)
    }

    /// A body goes as JSON, unless the headers say what else it is.
    func send(
        _ method: HTTPRequest.Method, _ uri: String, _ body: String? = nil, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return try await client.execute(
            uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    }

    /// A successful answer's object.
    func object(_ method: HTTPRequest.Method = .get, _ uri: String, _ body: String? = nil) async throws -> [String: Any]
    {
        let response = try await send(method, uri, body)
        #expect((200..<300).contains(response.status.code), "\(uri): \(String(buffer: response.body))")
        return try response.object()
    }

    /// The elements of a successful answer's `data`.
    func list(_ uri: String) async throws -> [[String: Any]] {
        try #require(try await object(.get, uri)["data"] as? [[String: Any]])
    }

    /// The texts of one field of all elements of all pages, following `next_cursor`.
    func allPages(_ uri: String, _ field: String) async throws -> [String] {
        var (found, next): ([String], String?) = ([], nil)
        repeat {
            let page = try await object(.get, uri + (next.map { "&cursor=\($0)" } ?? ""))
            found += try #require(page["data"] as? [[String: Any]]).compactMap { $0.text(field) }
            next = page["next_cursor"] as? String
        } while next != nil && found.count < 1000
        return found
    }

    /// Whether every sum still is what the spans add up to.
    func expectSumsAgree(_ location: Testing.SourceLocation = #_sourceLocation) async throws {
        #expect(try await RollupAudit.differences(in: database) == [], sourceLocation: location)
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(buffer: body)) as? [String: Any])
    }
}

extension [String: Any] {
    /// Text at a path with dots.
    func text(_ path: String) -> String? {
        let pieces = path.split(separator: ".", maxSplits: 1)
        let value = self[String(pieces[0])]
        return pieces.count == 1 ? value as? String : (value as? [String: Any])?.text(String(pieces[1]))
    }
}

/// Knows of no other service.
private struct NoDirectory: ServiceDirectory {
    func announce(_ instance: ServiceInstance) async throws {}
    func instances() async throws -> [ServiceInstance] { [] }
    func withdraw(id: String) async throws {}
}

/// Auth is away.
struct NoAccounts: AccountSending {
    func send(_ command: AccountCommand, by actor: Principal) async throws(AccountRefusal) -> AccountReply {
        throw AccountRefusal(.unavailable, "accounts cannot be changed at the moment; try again")
    }
}

/// Runs a test on both engines, with a running writer.
func withAPI(
    events: LiveEvents = LiveEvents(), authenticator: any Authenticating = NoAuthentication(),
    accounts: any AccountSending = NoAccounts(),
    options: DatabaseOptions = DatabaseOptions(), costing: @escaping SpanWriter.Costing = { _, _ in nil },
    _ body: @Sendable (APIFixture) async throws -> Void
) async throws {
    try await withDatabases(options: options) { database in
        try await Migrator(database: database, migrations: allMigrations).migrate()
        let logger = Logger(label: "tests")
        var writing = SpanWriter.Options()
        // A machine that is busy with other tests is no reason to refuse.
        writing.answerWithin = .seconds(60)
        let writer = SpanWriter(database: database, options: writing, logger: logger, costing: costing)
        let router = apiRouter(database, writer, events, authenticator, accounts)
        let routes = router.routes.map { (method: $0.method, path: "\($0.path)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await writer.run() }
            do {
                try await Application(responder: KnownMethods(of: router), logger: logger).test(.router) { client in
                    try await body(
                        APIFixture(database: database, writer: writer, client: client, routes: routes))
                }
            } catch {
                writer.stop()
                throw error
            }
            writer.stop()
            try await group.waitForAll()
        }
    }
}

// `try!`, for a schema with a mistake in it must fail every test, and this is where they meet.
private let graphQL = GraphQLServer(schema: try! APISchema.make(masksErrors: false))

private func apiRouter(
    _ database: Database, _ writer: SpanWriter, _ events: LiveEvents, _ authenticator: any Authenticating,
    _ accounts: any AccountSending
) -> Router<APIRequestContext> {
    // It never runs: what routes publish is dropped.
    let bus = MessageBus(
        kind: .api, instance: "tests", transport: .ipc(directory: NSTemporaryDirectory()), directory: NoDirectory(),
        logger: Logger(label: "tests"))
    let router = Router(context: APIRequestContext.self)
    router.addMiddleware {
        ErrorAnswers(
            masksInternalErrors: false, isPlainText: APIRoutes.isPlainText, translate: APIError.init(translating:))
        RequestAccess(authenticator: authenticator)
    }
    APIRoutes(
        repositories: Repositories(database: database), writer: writer, bus: bus, events: events, bodyBytesMax: 1 << 20,
        graphQL: graphQL, accounts: accounts
    ).add(to: router)
    return router
}
