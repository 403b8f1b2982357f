import Database
import FilterLanguage

/// Finds the newest traces with a text on SQLite, whose index gives its matches by row: the span that came last is first.
///
/// Traces are listed by when they began, which is nearly the order in which their spans came. So the last matches are
/// taken, and then those spans are looked at that came before them although they began after the page's last trace.
struct NewestFirstSearch {
    private struct Stage {
        /// As many matches as this many pages have traces are taken from the index.
        var pages: Int
        /// Of as many spans it is looked at when they came.
        var spansMax: Int
    }

    private static let stages = [
        Stage(pages: 8, spansMax: 200_000), Stage(pages: 64, spansMax: 500_000), Stage(pages: 512, spansMax: 500_000),
    ]
    // Of spans that wait for the index, and of those that came late, no more are read.
    private static let waitingMax = 10_000
    private static let lateMax = 1000
    // Matches for one that is asked for; with more, they are mostly of other projects, times or sessions.
    private static let unwantedMax = 20

    private let query: TraceQuery
    private let needle: String
    private let connection: DatabaseConnection

    init(_ query: TraceQuery, needle: String, _ connection: DatabaseConnection) {
        self.query = query
        self.needle = needle
        self.connection = connection
    }

    /// Nil where the index is of no help: for too short a text, another order, and where most of what has the text is not
    /// asked for.
    func page() throws -> [TraceRecord]? {
        let folded = SearchText.folded(needle)
        guard query.sort == .startTime, query.descending, folded.unicodeScalars.count >= SearchText.indexedNeedleMin
        else { return nil }
        var traces = try waiting()
        var before = Int64.max
        for stage in Self.stages {
            let wanted = stage.pages * query.limit
            let matches = try matches(folded, before: before, limit: wanted)
            for match in matches { traces.insert(match.trace) }
            let page = try self.page(of: traces)
            guard matches.count == wanted, let oldest = matches.last else { return page }
            before = oldest.span
            if page.count == query.limit, let last = page.last {
                if let late = try late(startedAfter: last.startTime, before: before, among: stage.spansMax) {
                    return late.isSubset(of: traces) ? page : try self.page(of: traces.union(late))
                }
            } else if page.count * Self.unwantedMax < traces.count {
                return nil
            }
        }
        return nil
    }

    private func page(of traces: Set<Int64>) throws -> [TraceRecord] {
        guard !traces.isEmpty else { return [] }
        var conditions = query.conditions(.sqlite)
        let ids = conditions.addValue(.text("[\(traces.map(String.init).joined(separator: ","))]"))
        // CROSS: by their ids, where the planner might rather walk the project for its order.
        return try connection.query(
            """
            SELECT \(TraceRecord.columns) FROM (SELECT value AS found FROM json_each(\(ids))) CROSS JOIN traces
            WHERE traces.id = found AND \(conditions.sql) \(query.order) LIMIT \(query.limit)
            """, conditions.values
        ).map(TraceRecord.init)
    }

    /// Matches of the index that came before a span's row, the last first.
    private func matches(
        _ folded: String, before: Int64, limit: Int
    ) throws -> [(span: Int64, trace: Int64)] {
        try connection.query(
            """
            SELECT x.span_rowid, x.trace_rowid FROM span_text_index AS i JOIN span_texts AS x ON x.span_rowid = i.rowid
            WHERE i.span_text_index MATCH $1 AND i.rowid < $2 AND instr(x.text, $3) > 0
            ORDER BY i.rowid DESC LIMIT \(limit)
            """, [.text(SearchText.trigramQuery(folded)), .integer(before), .text(folded)]
        ).map { (span: try $0.integer(0), trace: try $0.integer(1)) }
    }

    /// The traces of spans with the text that are not in the index yet, as far as those are the newest.
    private func waiting() throws -> Set<Int64> {
        guard let first = try TextQueue.firstRow(on: connection) else { return [] }
        return try traces(
            of: "SELECT id FROM spans WHERE id >= $1 ORDER BY id DESC LIMIT \(Self.waitingMax)", [.integer(first)])
    }

    /// The traces of spans with the text that began after a time but came before a row; nil where too many began after it,
    /// or came so late.
    private func late(startedAfter time: Int64, before row: Int64, among spansMax: Int) throws -> Set<Int64>? {
        let counts = try connection.query(
            """
            SELECT COUNT(*), COUNT(*) FILTER (WHERE id < $3), json_group_array(id) FILTER (WHERE id < $3) FROM (
                SELECT id FROM spans WHERE project_id = $1 AND start_time > $2
                ORDER BY start_time DESC LIMIT \(spansMax + 1)
            )
            """, [.integer(query.projectID), .integer(time), .integer(row)])
        guard let counts = counts.first, try counts.integer(0) <= spansMax, try counts.integer(1) <= Self.lateMax else {
            return nil
        }
        return try traces(of: "SELECT value AS id FROM json_each($1)", [.text(try counts.text(2))])
    }

    /// The traces of those spans that have the text, in any case.
    private func traces(of spans: String, _ values: [SQLValue]) throws -> Set<Int64> {
        var values = values
        let text = "(s.name || ' ' || COALESCE(s.input_preview, '') || ' ' || COALESCE(s.output_preview, ''))"
        let contains = CaseInsensitiveText.contains(text, needle, .sqlite) { value in
            values.append(value)
            return "$\(values.count)"
        }
        let found = try connection.query(
            "SELECT s.trace_rowid FROM (\(spans)) AS l CROSS JOIN spans AS s WHERE s.id = l.id AND \(contains)", values)
        return Set(try found.map { try $0.integer(0) })
    }
}
