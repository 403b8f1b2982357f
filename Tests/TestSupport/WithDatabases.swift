import Database
import Foundation
import Logging

/// Runs a test on an empty database of each engine, one after the other.
public func withDatabases(
    options: DatabaseOptions = DatabaseOptions(), _ body: (Database) async throws -> Void
) async throws {
    for dialect in SQLDialect.allCases {
        try await withDatabase(dialect, options: options, body)
    }
}

/// Runs a test on an empty database of one engine, which is closed and removed afterwards.
public func withDatabase<T>(
    _ dialect: SQLDialect, options: DatabaseOptions = DatabaseOptions(), _ body: (Database) async throws -> T
) async throws -> T {
    try await withDatabaseLocation(dialect) { location in
        let database = Database(location, options: options, logger: Logger(label: "tests"))
        do {
            let value = try await body(database)
            await database.close()
            return value
        } catch {
            await database.close()
            throw error
        }
    }
}

/// Runs a test on the place of an empty database of one engine, for tests that open it more than once.
public func withDatabaseLocation<T>(
    _ dialect: SQLDialect, _ body: (DatabaseLocation) async throws -> T
) async throws -> T {
    switch dialect {
    case .sqlite:
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(.sqlite(path: folder.appendingPathComponent("test.db").path))
    case .postgres:
        let server = try await TemporaryPostgres.shared()
        let name = try await server.makeDatabase()
        do {
            let value = try await body(server.location(database: name))
            try await server.dropDatabase(name)
            return value
        } catch {
            try? await server.dropDatabase(name)
            throw error
        }
    }
}
