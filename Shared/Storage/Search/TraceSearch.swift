import Database
import FilterLanguage

/// Finds a page of traces by what their spans say.
///
/// The traces that the page would begin with are looked through first: they may not be in the index yet, and what is found
/// often is found there. Only for what is rarer the index is asked, which then has little to say.
struct TraceSearch {
    // Some 7,000 spans, in a few tens of milliseconds.
    private static let lookedThrough = 1000
    // As far as looking on is quicker than asking the index for what this many traces are enough to find.
    private static let lookedThroughMax = 8000
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
        if connection.dialect == .sqlite, let page = try NewestFirstSearch(query, needle: needle, connection).page() {
            return page
        }
        guard let index = try indexed() else { return try lookThrough(0..<Self.lookedThroughWithoutIndex) }
        var first = try lookThrough(0..<Self.lookedThrough)
        if first.count < query.limit, first.count * Self.lookedThroughMax >= query.limit * Self.lookedThrough {
            first += try lookThrough(Self.lookedThrough..<Self.lookedThroughMax, missing: query.limit - first.count)
        }
        guard first.count < query.limit else { return first }
        var conditions = query.conditions(connection.dialect)
        // Each of the two for itself, so that the index is what traces are found by: with OR, all traces would be walked.
        let found = first.isEmpty ? "" : " UNION ALL SELECT id FROM traces WHERE \(Self.isOne(of: first))"
        conditions.add { number in
            let (sql, values) = index(number)
            return ("id IN (\(sql)\(found))", values)
        }
        return try connection.query(
            """
            SELECT \(TraceRecord.columns) FROM traces WHERE \(conditions.sql) \(query.order) LIMIT \(query.limit)
            """, conditions.values
        ).map(TraceRecord.init)
    }

    private static func isOne(of traces: [TraceRecord]) -> String {
        "id IN (\(traces.map { "\($0.id)" }.joined(separator: ", ")))"
    }

    /// Those with the text among the traces at these places of the list.
    private func lookThrough(_ places: Range<Int>, missing: Int? = nil) throws -> [TraceRecord] {
        let inner = query.conditions(connection.dialect)
        var outer = SQLConditions(after: inner)
        let text = "(s.name || ' ' || COALESCE(s.input_preview, '') || ' ' || COALESCE(s.output_preview, ''))"
        let contains = CaseInsensitiveText.contains(text, needle, connection.dialect) { outer.addValue($0) }
        outer.add("EXISTS (SELECT 1 FROM spans AS s WHERE s.trace_rowid = walked.id AND \(contains))")
        return try connection.query(
            """
            SELECT \(TraceRecord.columns) FROM (
                SELECT * FROM traces WHERE \(inner.sql) \(query.order)
                LIMIT \(places.count) OFFSET \(places.lowerBound)
            ) AS walked WHERE \(outer.sql) \(query.order) LIMIT \(missing ?? query.limit)
            """, outer.values
        ).map(TraceRecord.init)
    }

    /// The traces of which the index knows a span with this text, given the number of the first parameter; nil where it
    /// cannot be asked.
    private func indexed() throws -> ((Int) -> (sql: String, values: [SQLValue]))? {
        let needle = SearchText.folded(needle)
        switch connection.dialect {
        case .sqlite:
            guard needle.unicodeScalars.count >= SearchText.indexedNeedleMin else { return nil }
            return { number in
                (
                    """
                    SELECT x.trace_rowid FROM span_text_index AS i JOIN span_texts AS x ON x.span_rowid = i.rowid
                        WHERE i.span_text_index MATCH $\(number) AND instr(x.text, $\(number + 1)) > 0
                    """, [.text(SearchText.trigramQuery(needle)), .text(needle)]
                )
            }
        case .postgres:
            let hasTrigrams = try !connection.query(
                "SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'span_texts_by_trigram'"
            ).isEmpty
            return hasTrigrams ? byTrigrams(needle) : byWords(needle)
        }
    }

    private func byTrigrams(_ needle: String) -> ((Int) -> (sql: String, values: [SQLValue]))? {
        guard needle.unicodeScalars.count >= SearchText.indexedNeedleMin else { return nil }
        return { number in
            (
                "SELECT x.trace_rowid FROM span_texts AS x WHERE x.text LIKE $\(number)",
                [.text(LikePattern.containing(needle))]
            )
        }
    }

    /// By the words' beginnings, then by the text: what stands within a word is not found.
    private func byWords(_ needle: String) -> ((Int) -> (sql: String, values: [SQLValue]))? {
        let words = needle.unicodeScalars.split { !$0.properties.isAlphabetic && $0.properties.numericType == nil }
        guard !words.isEmpty else { return nil }
        let terms = words.map { "'\(String($0))':*" }.joined(separator: " & ")
        return { number in
            (
                """
                SELECT x.trace_rowid FROM span_texts AS x
                WHERE to_tsvector('simple', x.text) @@ to_tsquery('simple', $\(number)) AND x.text LIKE $\(number + 1)
                """, [.text(terms), .text(LikePattern.containing(needle))]
            )
        }
    }
}
