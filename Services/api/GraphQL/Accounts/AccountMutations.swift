import Access
import Domain
import GraphQL
import HTTP
import Storage

/// Changes of accounts and keys. Auth carries them out.
enum AccountMutations {
    static let part = APISchema.Part(types: inputs + [userPayload, deletedUsers, mutation] + keyPayloads)

    // MARK: Inputs

    private static let inputs: [any TypeDeclaration] = [
        InputObjectType(
            "CreateUserInput", description: "Somebody new.",
            fields: [
                .argument("email", .nonNull(.string)), .argument("username", .nonNull(.string)),
                .argument("password", .string, description: "For who signs in by one."),
                .argument("role", .nonNull(.named("UserRoleInput"))),
                .argument("sendWelcomeEmail", .boolean, default: false),
                .argument("authMethod", .named("AuthMethod"), default: .enumValue("LOCAL")),
            ]),
        InputObjectType(
            "PatchUserInput", description: "What is to be different about somebody; what is left out stays.",
            fields: [
                .argument("userId", .nonNull(.id)), .argument("newRole", .named("UserRoleInput")),
                .argument("newUsername", .string), .argument("newPassword", .string),
            ]),
        InputObjectType(
            "PatchViewerInput", description: "What is to be different about oneself; what is left out stays.",
            fields: [
                .argument("newUsername", .string), .argument("newPassword", .string),
                .argument("currentPassword", .string, description: "Has to be right for a new one."),
            ]),
        InputObjectType(
            "DeleteUsersInput", description: "Who is to go.",
            fields: [.argument("userIds", .nonNull(.list(.nonNull(.id))))]),
        InputObjectType("CreateApiKeyInput", description: "A new system key.", fields: keyFields),
        InputObjectType("CreateUserApiKeyInput", description: "A new key of one's own.", fields: keyFields),
        InputObjectType(
            "DeleteApiKeyInput", description: "The key that is to go.", fields: [.argument("id", .nonNull(.id))]),
    ]

    private static let keyFields: [SchemaInputValue] = [
        .argument("name", .nonNull(.string)), .argument("description", .string),
        .argument("expiresAt", .named("DateTime"), description: "Null for never."),
    ]

    private struct Input: InputObjectDecodable {
        let fields: Arguments
    }

    // MARK: Payloads

    private struct KeyMade: Sendable {
        var key: APIKeyNode
        var token: String
    }

    private static let userPayload: Object<UserRecord> = ObjectType(
        "UserMutationPayload", description: "An account as it is now."
    ) { type in
        type.field("user", .nonNull(.named("User")), description: "The account.") { UserTypes.user($0) }
    }

    private static let deletedUsers: Object<[String]> = ObjectType(
        "DeleteUsersPayload", description: "Who is gone."
    ) { type in
        type.field("userIds", .nonNull(.list(.nonNull(.id))), description: "Their ids.") { $0 }
    }

    private static let keyPayloads: [any TypeDeclaration] = [userKeyMade, systemKeyMade, keyDeleted]

    private static let userKeyMade: Object<KeyMade> = ObjectType(
        "CreateUserApiKeyMutationPayload", description: "A new key."
    ) { type in
        addFields(to: &type)
        type.field("apiKey", .nonNull(.named("UserApiKey")), description: "The key.") { APIKeyTypes.userKey($0.key) }
    }

    private static let systemKeyMade: Object<KeyMade> = ObjectType(
        "CreateSystemApiKeyMutationPayload", description: "A new key."
    ) { type in
        addFields(to: &type)
        type.field("apiKey", .nonNull(.named("SystemApiKey")), description: "The key.") {
            APIKeyTypes.systemKey($0.key)
        }
    }

    private static func addFields(to type: inout Object<KeyMade>.Fields) {
        type.field("jwt", .nonNull(.string), description: "The token, which is shown this once.") { $0.token }
        Roots.addQuery(to: &type)
    }

    private static let keyDeleted: Object<String> = ObjectType(
        "DeleteApiKeyMutationPayload", description: "A key that is gone."
    ) { type in
        type.field("apiKeyId", .nonNull(.id), description: "Its id.") { $0 }
        Roots.addQuery(to: &type)
    }

    // MARK: Mutations

    private static func argument(_ type: String) -> [SchemaInputValue] {
        [.argument("input", .nonNull(.named(type)))]
    }

    private static let mutation = Roots.mutation.extended { type in
        type.asyncField(
            "createUser", .nonNull(.named("UserMutationPayload")), description: "Makes an account.",
            arguments: argument("CreateUserInput")
        ) { _, field in try await createUser(field) }
        type.asyncField(
            "patchUser", .nonNull(.named("UserMutationPayload")), description: "Changes an account.",
            arguments: argument("PatchUserInput")
        ) { _, field in try await patchUser(field) }
        type.asyncField(
            "patchViewer", .nonNull(.named("UserMutationPayload")), description: "Changes one's own account.",
            arguments: argument("PatchViewerInput")
        ) { _, field in try await patchViewer(field) }
        type.asyncField(
            "deleteUsers", .nonNull(.named("DeleteUsersPayload")), description: "Deletes accounts, all or none.",
            arguments: argument("DeleteUsersInput")
        ) { _, field in
            let input: Input = try field.argument("input")
            _ = try await send(.deleteUsers(input.fields.ids("userIds", of: "User")), field)
            return OutputValue.object(deletedUsers, try input.fields.value("userIds", as: [String].self))
        }
        addKeyMutations(to: &type)
    }

    private static func addKeyMutations(to type: inout RootType<GraphQLContext>.Fields) {
        for (name, isSystem) in [("User", false), ("System", true)] {
            type.asyncField(
                "create\(name)ApiKey", .nonNull(.named("Create\(name)ApiKeyMutationPayload")),
                description: "Makes a key.",
                arguments: argument(isSystem ? "CreateApiKeyInput" : "CreateUserApiKeyInput")
            ) { _, field in
                let made = try await createKey(field, isSystem: isSystem)
                return isSystem ? systemKeyMade(made) : userKeyMade(made)
            }
            type.asyncField(
                "delete\(name)ApiKey", .nonNull(.named("DeleteApiKeyMutationPayload")),
                description: "Deletes a key, which is worth nothing from then on.",
                arguments: argument("DeleteApiKeyInput")
            ) { _, field in
                let input: Input = try field.argument("input")
                let id = try input.fields.id("id", of: "\(name)ApiKey")
                _ = try await send(.deleteKey(id: id, isSystem: isSystem), field)
                return keyDeleted(try input.fields.string("id"))
            }
        }
    }

    private static func createUser(_ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        let method: UserTypes.AuthMethod? = try input.fields.value("authMethod")
        let command = AccountCommand.createUser(
            .init(
                name: try input.fields.string("username"), email: try input.fields.string("email"),
                role: try input.fields.value("role", as: UserTypes.AssignableRole.self).role,
                method: (method ?? .local).rawValue, password: try input.fields.optionalString("password"),
                isWelcomed: try input.fields.optionalBool("sendWelcomeEmail") ?? false))
        return try await user(send(command, field), field)
    }

    private static func patchUser(_ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        let role: UserTypes.AssignableRole? = try input.fields.value("newRole")
        let patch = AccountCommand.UserPatch(
            id: try input.fields.id("userId", of: "User"), name: try input.fields.optionalString("newUsername"),
            role: role?.role, password: try input.fields.optionalString("newPassword"))
        return try await user(send(.patchUser(patch), field), field)
    }

    private static func patchViewer(_ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        let patch = AccountCommand.OwnPatch(
            name: try input.fields.optionalString("newUsername"),
            password: try input.fields.optionalString("newPassword"),
            currentPassword: try input.fields.optionalString("currentPassword"))
        return try await user(send(.patchViewer(patch), field), field)
    }

    private static func createKey(_ field: Field, isSystem: Bool) async throws -> KeyMade {
        let input: Input = try field.argument("input")
        let command = AccountCommand.createKey(
            .init(
                isSystem: isSystem, name: try input.fields.string("name"),
                description: try input.fields.optionalString("description"),
                expiresAt: try input.fields.time("expiresAt")))
        guard case .key(let id, let token) = try await send(command, field),
            let key = try await field.context.repositories.apiKeys.key(id: id, of: isSystem ? .system : .anyPerson)
        else { throw ExpectedError("API key not found") }
        return KeyMade(key: APIKeyNode(key: key), token: token)
    }

    private static func send(_ command: AccountCommand, _ field: Field) async throws -> AccountReply {
        do throws(AccountRefusal) {
            return try await field.context.accounts.send(command, by: field.context.principal)
        } catch {
            throw APIError(error)
        }
    }

    private static func user(_ reply: AccountReply, _ field: Field) async throws -> OutputValue {
        guard case .user(let id) = reply, let user = try await field.context.repositories.users.user(.id(id)) else {
            throw ExpectedError("User not found")
        }
        return userPayload(user)
    }
}
