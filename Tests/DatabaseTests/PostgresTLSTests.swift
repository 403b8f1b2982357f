import Database
import Foundation
import Logging
import TestSupport
import Testing

@Suite("Postgres over TLS")
struct PostgresTLSTests {
    private static let server = Task { try await TemporaryPostgres.start(settings: ["fsync=off"], tls: true) }

    private func open(_ query: String) async throws -> Database {
        let server = try await Self.server.value
        let url = server.url(database: "postgres").replacingOccurrences(of: "127.0.0.1", with: "localhost") + query
        return Database(try DatabaseLocation(url: url), options: .oneReader, logger: Logger(label: "tests"))
    }

    @Test("the server's certificate is checked as the URL says")
    func verification() async throws {
        let server = try await Self.server.value
        let trusting = try await open("?sslmode=verify-full&sslrootcert=\(server.certificatePath)")
        let isEncrypted = try await trusting.read { connection in
            try connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")[0].boolean(0)
        }
        #expect(isEncrypted)
        await trusting.close()

        let other = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-\(UUID().uuidString).crt")
        try Data().write(to: other)
        defer { try? FileManager.default.removeItem(at: other) }
        let distrusting = try await open("?sslmode=verify-full&sslrootcert=\(other.path)")
        #expect(await databaseError { try await distrusting.expectAnswer() } != nil)
        await distrusting.close()
    }

    @Test("answers of any length arrive whole")
    func lengths() async throws {
        let database = try await open("?sslmode=require")
        let lengths = (0..<300).map { $0 * 397 }
        let received = try await database.read { connection in
            try lengths.map { length in
                try connection.query("SELECT repeat('x', $1)", [.integer(Int64(length))])[0].withBytes(0) { $0.count }
            }
        }
        #expect(received == lengths)
        await database.close()
    }

    @Test("rows are copied over TLS too")
    func copy() async throws {
        let database = try await open("?sslmode=require")
        let count = try await database.write { connection in
            try connection.executeScript("CREATE TEMPORARY TABLE t (a text)")
            return try connection.copyIn("COPY t FROM STDIN (FORMAT binary)") { rows in
                for length in 0..<1000 {
                    try rows.beginRow(columnCount: 1)
                    rows.append(String(repeating: "x", count: length * 7))
                }
            }
        }
        #expect(count == 1000)
        await database.close()
    }
}
