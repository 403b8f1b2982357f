import Database
import FilterLanguage
import Foundation
import TestSupport
import Testing

/// The filters of `docs/filtering.md` are right, and run.
@Suite struct DocumentationTests {
    /// The lines of all blocks of one language.
    private func examples(_ language: String) throws -> [String] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/filtering.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        return text.components(separatedBy: "```\(language)\n").dropFirst().flatMap { block in
            block.components(separatedBy: "\n```")[0].components(separatedBy: "\n")
        }
    }

    @Test func everyExampleRunsOnBothDatabases() async throws {
        let spans = try examples("span filter").map { try SpanFilter($0) }
        let traces = try examples("trace filter").map { try TraceFilter($0) }
        let sessions = try examples("session filter").map { try SessionFilter($0) }
        #expect(spans.count >= 15 && traces.count >= 9 && sessions.count >= 5)
        let fixture = try FilterFixture.read()
        try await withDatabases { database in
            try await fixture.store(in: database)
            try await database.read { connection in
                for filter in spans {
                    let (sql, values) = filter.condition(dialect: connection.dialect, spans: "s", firstParameter: 1)
                    _ = try connection.query("SELECT 1 FROM spans AS s WHERE \(sql)", values)
                }
                for filter in traces {
                    let (sql, values) = filter.condition(dialect: connection.dialect, traces: "t", firstParameter: 1)
                    _ = try connection.query("SELECT 1 FROM traces AS t WHERE \(sql)", values)
                }
                for filter in sessions {
                    let (sql, values) = filter.condition(dialect: connection.dialect, sessions: "p", firstParameter: 1)
                    _ = try connection.query("SELECT 1 FROM project_sessions AS p WHERE \(sql)", values)
                }
            }
        }
    }

    @Test func theSentencesThatItGivesAreTrue() async throws {
        #expect(throws: FilterError("'=': write '==' to compare", position: 10)) { try SpanFilter("span_kind = 'LLM'") }
        let fixture = try FilterFixture.read()
        try await withDatabases { database in
            try await fixture.store(in: database)
            for (text, matches) in [
                ("'ÜNÏC' in unicode", [8]), ("'ss' in unicode", []), ("'NÏCO' in unicode", [8]),
                ("'A' in tags", [4]), ("'refund' in numbers", [8]), ("int(cost) == 1.5", [6]),
                ("0 - latency_ms % 7 == -2", [1, 2]), ("(0 - latency_ms) % 7 == 5", [1, 2]),
                ("cost / (cost - cost) > 0", []),
                ("not cost / (cost - cost) > 0", []), ("big == 1e20", [8]), ("big * 10 > 0", [8]),
                ("big * big > 0", [8]),
            ] as [(String, [Int64])] {
                #expect(
                    try await database.spans(matching: SpanFilter(text)) == matches, "\(text) on \(database.dialect)")
            }
        }
    }
}
