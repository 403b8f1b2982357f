import Database
import FilterLanguage

/// Finds a page of traces by what their spans say.
///
/// The traces that the page would begin with are looked through first: they may not be in the index yet, and what is found
/// often is found there. Only for what is rarer the index is asked, which then has little to say.
struct TraceSearch {
    // Some 7,000 spans, in a few tens of milliseconds.
    private static let lookedThrough = 1000
    // For what is too short for the index.
    private static let lookedThroughWithoutIndex = 5000

    private let query: TraceQuery
    private let needle: String
    private let connection: DatabaseConnection

    init(_ query: TraceQuery, needle: String, _ connection: DatabaseConnection) {
        self.query = query
        self.needle = needle
        self.connection = connection
    }

    func page() throws -> [TraceRecord] {
        let index = try indexCondition()
        let first = try lookThrough(index == nil ? Self.lookedThroughWithoutIndex : Self.lookedThrough)
        guard let index, first.count < query.limit else { return first }
        var conditions = query.conditions(connection.dialect)
        let found = first.map { "\($0.id)" }.joined(separator: ", ")
        conditions.add { number in
            let (sql, values) = index(number)
            return (found.isEmpty ? sql : "(\(sql) OR id IN (\(found)))", values)
        }
        return try connection.query(
            """
            SELECT \(TraceRecord.columns) FROM traces WHERE \(conditions.sql) \(query.order) LIMIT \(query.limit)
            """, conditions.values
        ).map(TraceRecord.init)
    }

    private func lookThrough(_ count: Int) throws -> [TraceRecord] {
        let inner = query.conditions(connection.dialect)
        var outer = SQLConditions(after: inner)
        let text = "(s.name || ' ' || COALESCE(s.input_preview, '') || ' ' || COALESCE(s.output_preview, ''))"
        let contains = CaseInsensitiveText.contains(text, needle, connection.dialect) { outer.addValue($0) }
        outer.add("EXISTS (SELECT 1 FROM spans AS s WHERE s.trace_rowid = newest.id AND \(contains))")
        return try connection.query(
            """
            SELECT \(TraceRecord.columns) FROM (
                SELECT * FROM traces WHERE \(inner.sql) \(query.order) LIMIT \(count)
            ) AS newest WHERE \(outer.sql) \(query.order) LIMIT \(query.limit)
            """, outer.values
        ).map(TraceRecord.init)
    }

    /// That the index knows a span of the trace with this text, given the number of the first parameter; nil where it
    /// cannot be asked.
    private func indexCondition() throws -> ((Int) -> (sql: String, values: [SQLValue]))? {
        let needle = SearchText.folded(needle)
        switch connection.dialect {
        case .sqlite:
            guard needle.unicodeScalars.count >= SearchText.indexedNeedleMin else { return nil }
            return { number in
                (
                    """
                    id IN (SELECT x.trace_rowid FROM span_text_index AS i JOIN span_texts AS x ON x.span_rowid = i.rowid
                        WHERE i.span_text_index MATCH $\(number) AND instr(x.text, $\(number + 1)) > 0)
                    """, [.text(SearchText.trigramQuery(needle)), .text(needle)]
                )
            }
        case .postgres:
            let hasTrigrams = try !connection.query(
                "SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'span_texts_by_trigram'"
            ).isEmpty
            return hasTrigrams ? trigramCondition(needle) : wordCondition(needle)
        }
    }

    private func trigramCondition(_ needle: String) -> ((Int) -> (sql: String, values: [SQLValue]))? {
        guard needle.unicodeScalars.count >= SearchText.indexedNeedleMin else { return nil }
        return { number in
            (
                "id IN (SELECT x.trace_rowid FROM span_texts AS x WHERE x.text LIKE $\(number))",
                [.text(LikePattern.containing(needle))]
            )
        }
    }

    /// By the words' beginnings, then by the text: what stands within a word is not found.
    private func wordCondition(_ needle: String) -> ((Int) -> (sql: String, values: [SQLValue]))? {
        let words = needle.unicodeScalars.split { !$0.properties.isAlphabetic && $0.properties.numericType == nil }
        guard !words.isEmpty else { return nil }
        let terms = words.map { "'\(String($0))':*" }.joined(separator: " & ")
        return { number in
            (
                """
                id IN (SELECT x.trace_rowid FROM span_texts AS x
                    WHERE to_tsvector('simple', x.text) @@ to_tsquery('simple', $\(number)) AND x.text LIKE $\(number + 1))
                """, [.text(terms), .text(LikePattern.containing(needle))]
            )
        }
    }
}
