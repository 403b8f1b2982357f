import Access
import Domain
import HTTP
import Hummingbird
import Identity
import Storage

/// `/v1/user` and `/v1/users`.
struct UserRoutes: Sendable {
    private struct CreateBody: Decodable {
        struct User: Decodable {
            var email: String
            var username: String
            var role: String
            var method: String
            var password: String?
            var oauth2ClientID: String?
            var oauth2UserID: String?

            private enum CodingKeys: String, CodingKey {
                case email, username, role, password
                case method = "auth_method"
                case oauth2ClientID = "oauth2_client_id"
                case oauth2UserID = "oauth2_user_id"
            }
        }

        var user: User
        var isWelcomed: Bool?

        private enum CodingKeys: String, CodingKey {
            case user
            case isWelcomed = "send_welcome_email"
        }
    }

    let repositories: Repositories
    let accounts: any AccountSending

    func add<Context: AuthenticatedRequestContext>(to router: Router<Context>) {
        router.get("/v1/user") { _, context in try await own(context.principal) }
        router.get("/v1/users") { request, _ in try await list(QueryParameters(request.uri)) }
        router.post("/v1/users") { request, context in
            try await create(request.json(CreateBody.self), by: context.principal ?? .anyone)
        }
        router.delete("/v1/users/:user") { _, context in
            try await delete(context.parameters.decoded("user"), by: context.principal ?? .anyone)
        }
    }

    private func own(_ principal: Principal?) async throws -> Response {
        let user: UserRecord?
        switch principal {
        case .user(let id, _, _): user = try await repositories.users.user(.id(id))
        case .system: user = try await repositories.users.user(.email(EmailAddress.system.text))
        case .anyone, nil:
            return Response.json { json in
                json.object { $0.field("data", object: { $0.field("auth_method", "ANONYMOUS") }) }
            }
        }
        guard let user else { throw APIError(.unauthorized, "User not found") }
        return Response.json { json in
            json.object {
                $0.key("data")
                $0.user(user)
            }
        }
    }

    private func list(_ query: QueryParameters) async throws -> Response {
        let limit = try query.integer("limit", default: 100, in: 1...Int(Int32.max))
        let first = try query.text("cursor").map { try GlobalID(cursor: $0, of: "User").number } ?? 1
        let found = try await repositories.users.people(after: first - 1, limit: limit + 1)
        return Response.json { json in
            json.object {
                $0.field("data", array: found.prefix(limit)) { $0.user($1) }
                $0.field("next_cursor", found.count > limit ? GlobalID("User", found[limit].id).description : nil)
            }
        }
    }

    private func create(_ body: CreateBody, by actor: Principal) async throws -> Response {
        guard let role = Role(rawValue: body.user.role) else {
            throw APIError(.badRequest, "Role '\(body.user.role)' not found")
        }
        guard role != .system else { throw APIError(.badRequest, "Cannot create users with SYSTEM role") }
        let command = AccountCommand.createUser(
            .init(
                name: body.user.username, email: body.user.email, role: role, method: body.user.method,
                password: body.user.password, oauth2ClientID: body.user.oauth2ClientID,
                oauth2UserID: body.user.oauth2UserID, isWelcomed: body.isWelcomed ?? true))
        guard case .user(let id) = try await send(command, by: actor),
            let user = try await repositories.users.user(.id(id))
        else { throw APIError.notFound("User not found") }
        return Response.json(status: .created) { json in
            json.object {
                $0.key("data")
                $0.user(user)
            }
        }
    }

    private func delete(_ text: String, by actor: Principal) async throws -> Response {
        guard let id = GlobalID(encoded: text), id.typeName == "User" else {
            throw APIError.invalid("Invalid User GlobalID format: \(text)")
        }
        guard let user = try await repositories.users.user(.id(id.number)) else {
            throw APIError.notFound("User not found")
        }
        guard user.email != EmailAddress.defaultAdmin.text, user.role != Role.system.rawValue else {
            throw APIError(.forbidden, "Cannot delete the default admin or system user")
        }
        _ = try await send(.deleteUsers([user.id]), by: actor)
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
    fileprivate mutating func user(_ user: UserRecord) {
        object {
            $0.field("id", GlobalID("User", user.id))
            $0.field("created_at", time: user.createdAt)
            $0.field("updated_at", time: user.updatedAt)
            $0.field("email", user.email)
            $0.field("username", user.name)
            $0.field("role", user.role)
            $0.field("auth_method", user.method.rawValue)
            switch user.method {
            case .local: $0.field("password_needs_reset", user.mustResetPassword)
            case .oauth2:
                if let text = user.oauth2ClientID { $0.field("oauth2_client_id", text) }
                if let text = user.oauth2UserID { $0.field("oauth2_user_id", text) }
                if let text = user.pictureURL { $0.field("profile_picture_url", text) }
            case .ldap: break
            }
        }
    }
}
