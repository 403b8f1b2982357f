import Database
import Domain
import Storage
import TestSupport

/// Runs a test on both engines, with spans 1 to 4 in traces 1 and 2, the first of session `s`.
func withAnnotatedSpans(_ body: (Database) async throws -> Void) async throws {
    try await withDatabases { database in
        try await Migrator(database: database, migrations: allMigrations).migrate()
        let spans = (1...4).map { index in
            var span = TestSpan(
                trace: index < 3 ? 1 : 2, id: UInt64(index), start: Int64(index) * 1000, end: Int64(index) * 2000)
            if index < 3 { span.session = "s" }
            return span
        }
        try await store(spans, in: database)
        try await body(database)
    }
}

extension NewAnnotation {
    static func of(
        _ target: AnnotationTarget, _ name: String = "quality", identifier: String = "", label: String? = nil,
        score: Double? = nil, position: Int64? = nil, time: Int64 = 1
    ) -> NewAnnotation {
        NewAnnotation(
            target: target, documentPosition: position,
            content: AnnotationContent(
                name: name, identifier: identifier, annotatorKind: .human, label: label, score: score), time: time)
    }
}

extension Database {
    func count(_ table: String) async throws -> Int64 {
        try await read { try $0.query("SELECT COUNT(*) FROM \(table)")[0].integer(0) }
    }

    func rowID(_ table: String) async throws -> Int64 {
        try await read { try $0.query("SELECT MIN(id) FROM \(table)")[0].integer(0) }
    }
}
