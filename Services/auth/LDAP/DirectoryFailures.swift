import Database
import HTTP

/// Counts who fails to sign in through the directory, apart from those who do by passwords of ours.
struct DirectoryFailures: Sendable {
    let database: Database
    let limit: SignInLimit

    /// Throws 429 for who has to wait.
    func check(_ name: String, _ address: SenderAddress) async throws {
        try await database.read { try limit.check(Self.account(name), address, on: $0) }
    }

    func note(_ name: String, _ address: SenderAddress) async throws {
        try await database.write { connection in
            try limit.check(Self.account(name), address, on: connection)
            try limit.note(Self.account(name), address, on: connection)
        }
    }

    func reset(_ name: String, _ address: SenderAddress) async throws {
        try await database.write { connection in
            // Others may have guessed at the same time.
            try limit.check(Self.account(name), address, on: connection)
            try limit.reset(Self.account(name), address, on: connection)
        }
    }

    /// No mail address begins so.
    private static func account(_ name: String) -> String { "ldap " + SignInLimit.account(name) }
}
