import Database
import FilterLanguage
import TestSupport
import Testing

/// Filters of traces and sessions that read the attributes of the root span, and annotations by their name.
@Suite struct RootSpanFilterTests {
    static let traces: [(filter: String, matches: [Int64])] = [
        ("user.id == 'u1'", [1]), ("user.id != 'u1'", [2]), ("not user.id == 'u1'", [2]),
        ("user.id is None", [3, 4]), ("None is user.id", [3, 4]), ("user.id in ['u1', 'u2']", [1, 2]),
        ("user.id == attributes['user.id']", [1, 2]), ("'U' in user.id", [1, 2]),
        ("user.id == 'u2' or any(s.tool.name == 'search' for s in spans)", [1, 2]),
        ("attributes['user']['tier'] == 'premium'", [2]), ("attributes['user.tier'] == 'premium'", [2]),
        ("metadata['n'] >= 3", [1, 2]), ("metadata['n'] + 1 == 4", [1]), ("metadata['flag'] == True", [1]),
        ("True is metadata['flag']", [1]), ("attributes['metadata.n'] == 10", [2]),
        ("attributes['num'] == 12", [4]), ("float(attributes['num']) > 11", [4]), ("attributes['num'] == '12'", [4]),
        ("attributes['llm.token_count.total'] % 7 == 3", [2]), ("attributes['nul'] is None", [1, 2, 3, 4]),
        ("'REFUND' in attributes['input.value']", [1]), ("'support' in attributes['metadata']", [1]),
        // Where no span is without a parent, one whose parent never came stands for the trace.
        ("attributes['output.value'] == '100%_done'", [3]),
        ("attributes['output.value'] in attributes['output.value']", [1, 3]),
        ("name not in attributes['output.value']", [1, 3]), ("attributes['retry_count'] is not None", []),
        ("trace_annotations['quality'].score > 0.9", [1]), ("trace_annotations['quality']", [1]),
        ("trace_annotations['quality'].label == 'high' and user.id == 'u1'", [1]),
        ("not trace_annotations['quality']", [2, 3, 4]), ("trace_annotations['quality'] is None", [2, 3, 4]),
        ("trace_annotations['quality'].explanation is None", [1, 2, 3, 4]),
        ("trace_annotations['quality'].identifier == ''", [1]),
    ]

    /// Session 1 is trace 1, session 2 is trace 3, which has no root, and trace 4.
    static let sessions: [(filter: String, matches: [Int64])] = [
        ("user.id == 'u1'", [1]), ("user.id is None", [2]), ("user.id != 'u2'", [1]),
        ("attributes['user']['id'] == 'u1' and metadata['n'] == 3", [1]), ("attributes['a.c'] == 'x'", [2]),
        ("attributes['num'] == 12", [2]), ("attributes['output.value'] is None", [2]), ("first_input is None", [2]),
        ("last_output == 'Like this.'", [1]), ("'done' in any_output", []),
        ("any(t.attributes['output.value'] == '100%_done' for t in traces)", [2]),
        ("any(t.user.id == user.id for t in traces)", [1]),
        ("session_annotations['mood'].label == 'happy'", [2]), ("session_annotations['mood'].score > 0.5", [2]),
        ("session_annotations['mood'].explanation == 'thanks'", [2]), ("session_annotations['mood']", [2]),
        ("session_annotations['mood'] is None", [1]), ("not session_annotations['mood']", [1]),
        ("any(t.trace_annotations['quality'].score > 0.9 for t in traces)", [1]),
    ]

    private func store(in database: Database) async throws {
        try await FilterFixture.read().store(in: database)
        try await database.write { connection in
            try connection.execute("UPDATE traces SET session_id = 's2' WHERE id IN (3, 4)")
            try connection.execute(
                """
                INSERT INTO project_sessions (id, session_id, project_id, trace_count, start_time, end_time, span_count,
                    error_count, prompt_tokens, completion_tokens, prompt_cost, completion_cost)
                VALUES (2, 's2', 1000, 2, 0, 0, 2, 0, 0, 0, 0, 0)
                """)
            try connection.execute(
                """
                INSERT INTO session_annotations (session_rowid, name, label, score, explanation, metadata,
                    annotator_kind, identifier, source, created_at, updated_at)
                VALUES (2, 'mood', 'happy', 0.8, 'thanks', '{}', 'HUMAN', '', 'API', 0, 0)
                """)
        }
    }

    @Test func tracesAndSessionsAreFoundByWhatTheirRootSpanSays() async throws {
        try await withDatabases { database in
            try await store(in: database)
            try await database.expectTraces(Self.traces)
            try await database.expectSessions(Self.sessions)
        }
    }

    /// SQLite's parser holds a hundred things at a time.
    @Test(arguments: ["not (num_spans > 1 or ", "(user.id == 'x' or num_spans > 1 and ", "any("])
    func theDeepestFilterThatIsTakenRuns(_ piece: String) async throws {
        let (kernel, ending) =
            piece == "any("
            ? ("'x' in s.attributes['quo\"te']['x']", " for s in spans)")
            : ("'x' in attributes['quo\"te']['x'] and metadata['n'] % 7 == 1 and user.id == 'x'", ")")
        let filters = (1...25).map { depth in
            String(repeating: piece, count: depth) + kernel + String(repeating: ending, count: depth)
        }
        let deepest = try #require(filters.compactMap { try? SessionFilter($0) }.last)
        try await withDatabases { database in
            try await migrate(database)
            let found = try await database.rows("project_sessions") {
                deepest.condition(dialect: $0, sessions: "r", firstParameter: 1)
            }
            #expect(found == [])
        }
    }
}
