import Database
import TestSupport
import Testing

@Test func `A value comes back as it was written`() async throws {
    try await withDatabases { database in
        try await database.write { try $0.executeScript("CREATE TABLE t (a BIGINT)") }
        let rows = try await database.write { try $0.query("INSERT INTO t VALUES ($1) RETURNING a", [.integer(7)]) }
        #expect(try rows.map { try $0.integer(0) } == [7])
    }
}
