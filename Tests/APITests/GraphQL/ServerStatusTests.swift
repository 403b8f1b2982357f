import TestSupport
import Testing

@testable import bennu_api

@Suite("The server's status over GraphQL", .serialized)
struct ServerStatusTests {
    @Test("tables tell their size, and are not read again for everyone who asks")
    func tableSizes() async throws {
        let log = StatementLog()
        try await withAPI(options: log.options) { api in
            try await api.store(Corpus.spans)
            func sizes() async throws -> [String: Double] {
                let data = try await api.query("{ dbTableStats { tableName numBytes } }")
                let tables = try #require(data["dbTableStats"] as? [[String: Any]])
                let bytes = tables.compactMap { $0["numBytes"] as? Double }
                #expect(bytes == bytes.sorted(by: >))
                return Dictionary(
                    uniqueKeysWithValues: tables.map { ($0.text("tableName") ?? "", $0["numBytes"] as? Double ?? 0) })
            }
            let found = try await sizes()
            for table in ["spans", "traces", "projects"] { #expect((found[table] ?? 0) > 0, "\(table)") }
            #expect(!found.keys.contains { $0.hasPrefix("pg_") })
            let statements = try await log.reads {
                let again = try await sizes()
                #expect(again == found)
            }
            #expect(!statements.contains { $0.contains("dbstat") || $0.contains("pg_class") }, "\(statements)")
        }
    }
}
