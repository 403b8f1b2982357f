import Access
import Domain
import HTTP
import Hummingbird
import Storage

/// `/v1/user/api_keys`, `/v1/users/api_keys` and `/v1/system/api_keys`.
struct APIKeyRoutes: Sendable {
    private struct CreateBody: Decodable {
        struct Key: Decodable {
            var name: String
            var description: String?
            var expiresAt: String?
            /// Beyond Phoenix: `full`, `read` or `ingest`.
            var scope: String?
            /// Beyond Phoenix: the one project that the key is for, by name or id.
            var project: String?

            private enum CodingKeys: String, CodingKey {
                case name, description, scope, project
                case expiresAt = "expires_at"
            }
        }

        var data: Key
    }

    private enum Kind: String {
        case user = "UserApiKey"
        case system = "SystemApiKey"
    }

    let repositories: Repositories
    let accounts: any AccountSending

    func add<Context: AuthenticatedRequestContext>(to router: Router<Context>) {
        router.get("/v1/user/api_keys") { _, context in
            // The admin secret is nobody's, and nobody's keys are none.
            let keys =
                if let id = context.principal?.userID {
                    try await repositories.apiKeys.keys(of: .user(id))
                } else {
                    [APIKeyRecord]()
                }
            return list(keys, .user)
        }
        router.get("/v1/system/api_keys") { _, _ in
            list(try await repositories.apiKeys.keys(of: .system), .system)
        }
        router.get("/v1/users/api_keys") { request, _ in try await everybodys(QueryParameters(request.uri)) }
        for (kind, path) in [(Kind.user, "/v1/user/api_keys"), (.system, "/v1/system/api_keys")] {
            router.post(RouterPath(path)) { request, context in
                try await create(request.json(CreateBody.self), kind, by: context.principal ?? .anyone)
            }
            router.delete(RouterPath("\(path)/:key")) { _, context in
                try await delete(context.parameters.decoded("key"), kind, by: context.principal ?? .anyone)
            }
        }
    }

    private func list(_ keys: [APIKeyRecord], _ kind: Kind) -> Response {
        Response.json { json in
            json.object {
                $0.field("data", array: keys) { json, key in json.object { $0.fields(of: key, kind.rawValue) } }
            }
        }
    }

    private func everybodys(_ query: QueryParameters) async throws -> Response {
        let limit = try query.integer("limit", default: 100, in: 1...1000)
        let first = try query.text("cursor").map { try GlobalID(cursor: $0, of: Kind.user.rawValue).number } ?? 1
        let found = try await repositories.apiKeys.keys(of: .anyPerson, after: first - 1, limit: limit + 1)
        let keys = found.prefix(limit)
        let owners = try await repositories.users.users(ids: Array(Set(keys.map(\.userID))))
        let ownerByID = Dictionary(uniqueKeysWithValues: owners.map { ($0.id, $0) })
        return Response.json { json in
            json.object {
                $0.field("data", array: keys) { json, key in
                    json.object {
                        $0.fields(of: key, Kind.user.rawValue)
                        $0.field("user", object: { $0.owner(ownerByID[key.userID]) })
                    }
                }
                let next = found.count > limit ? GlobalID(Kind.user.rawValue, found[limit].id).description : nil
                $0.field("next_cursor", next)
            }
        }
    }

    private func create(_ body: CreateBody, _ kind: Kind, by actor: Principal) async throws -> Response {
        let projectID: Int64? =
            if let project = body.data.project { try await repositories.project(project).id } else { nil }
        let command = AccountCommand.createKey(
            .init(
                isSystem: kind == .system, name: body.data.name, description: body.data.description,
                expiresAt: try body.data.expiresAt.map(Self.time), scope: try Self.scope(body.data.scope),
                projectID: projectID))
        guard case .key(let id, let token) = try await send(command, by: actor),
            let key = try await repositories.apiKeys.key(id: id, of: kind == .system ? .system : .anyPerson)
        else { throw APIError.notFound("API key not found") }
        return Response.json(status: .created) { json in
            json.object {
                $0.field(
                    "data",
                    object: {
                        $0.fields(of: key, kind.rawValue)
                        $0.field("key", token)
                    })
            }
        }
    }

    private static func time(_ text: String) throws -> Int64 {
        guard let time = Timestamp.parseISO8601(text) else {
            throw APIError.invalid("expires_at must be a time such as 2026-01-31T12:00:00+00:00")
        }
        return time
    }

    private static func scope(_ text: String?) throws -> KeyScope.Kind {
        guard let text else { return .full }
        guard let scope = KeyScope.Kind(rawValue: text.uppercased()) else {
            throw APIError.invalid("scope must be full, read or ingest")
        }
        return scope
    }

    private func delete(_ text: String, _ kind: Kind, by actor: Principal) async throws -> Response {
        guard let id = GlobalID(encoded: text), [Kind.user.rawValue, Kind.system.rawValue].contains(id.typeName) else {
            throw APIError.invalid("Invalid API key GlobalID format: \(text)")
        }
        guard id.typeName == kind.rawValue else {
            throw APIError.notFound(kind == .system ? "System API key not found" : "API key not found")
        }
        _ = try await send(.deleteKey(id: id.number, isSystem: kind == .system), by: actor)
        return Response(status: .noContent)
    }

    private func send(_ command: AccountCommand, by actor: Principal) async throws -> AccountReply {
        do throws(AccountRefusal) {
            return try await accounts.send(command, by: actor)
        } catch {
            throw APIError(error)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of key: APIKeyRecord, _ type: String) {
        field("id", GlobalID(type, key.id))
        field("name", key.name)
        field("description", key.description)
        field("created_at", time: key.createdAt)
        field("expires_at", time: key.expiresAt)
        field("scope", key.scope.lowercased())
        field("project_id", key.projectID.map { GlobalID("Project", $0).description })
        field("last_used_at", time: key.lastUsedAt)
    }

    fileprivate mutating func owner(_ user: UserRecord?) {
        field("id", user.map { GlobalID("User", $0.id).description })
        field("username", user?.name)
        field("email", user?.email)
    }
}
