import Database
import Domain

/// Which spans' texts are still to be indexed.
enum TextQueue {
    // What is indexed in one transaction, which others wait for.
    private static let entrySpansMax = 256
    private static let entriesMax = 64

    /// Notes new spans, in the transaction that writes them and after they are there.
    ///
    /// SQLite has one writer, so that what it has just written are the last rows, and two numbers name them all. Postgres
    /// has many, and the spans are named by their ids.
    static func add(_ spans: [SpanID], on connection: DatabaseConnection) throws {
        guard !spans.isEmpty else { return }
        let now = SystemClock.now()
        if connection.dialect == .sqlite {
            try connection.execute(
                """
                INSERT INTO text_queue (first_rowid, last_rowid, written_at)
                SELECT MAX(id) - $1, MAX(id), $2 FROM spans
                """, [.integer(Int64(spans.count - 1)), .integer(now)])
            return
        }
        for start in stride(from: 0, to: spans.count, by: entrySpansMax) {
            let entry = spans[start..<min(start + entrySpansMax, spans.count)]
            var bytes: [UInt8] = []
            bytes.reserveCapacity(entry.count * 8)
            for span in entry { withUnsafeBytes(of: span.value.bigEndian) { bytes.append(contentsOf: $0) } }
            try connection.execute(
                "INSERT INTO text_queue (span_ids, written_at) VALUES ($1, $2)", [.bytes(bytes), .integer(now)])
        }
    }

    /// A row of the queue: spans by their ids, or a range of their rows.
    struct Entry {
        var id: Int64
        /// Eight bytes an id.
        private var bytes: [UInt8]
        var rows: ClosedRange<Int64>?

        init(_ row: SQLRow) throws {
            id = try row.integer(0)
            bytes = try row.optionalBytes(1) ?? []
            if let first = try row.optionalInteger(2), let last = try row.optionalInteger(3), first <= last {
                rows = first...last
            }
        }

        /// At most so many.
        var spanCount: Int { rows?.count ?? bytes.count / 8 }

        var spanIDs: [SpanID] {
            stride(from: 0, to: bytes.count, by: 8).compactMap { SpanID(bytes: bytes[$0..<min($0 + 8, bytes.count)]) }
        }
    }

    /// The oldest entries that nobody else is at work on, held until the transaction ends: as many as have some spans
    /// together, or one.
    static func next(spans max: Int, on connection: DatabaseConnection) throws -> [Entry] {
        let lock = connection.dialect == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
        let oldest = try connection.query(
            """
            SELECT id, span_ids, first_rowid, last_rowid FROM text_queue ORDER BY id LIMIT \(entriesMax) \(lock)
            """
        ).map(Entry.init)
        var count = 0
        let whole = oldest.prefix { entry in
            count += entry.spanCount
            return count <= max
        }
        return Array(whole.isEmpty ? oldest.prefix(1) : whole)
    }

    /// The first row that waits, where the queue names rows.
    static func firstRow(on connection: DatabaseConnection) throws -> Int64? {
        try connection.query("SELECT MIN(first_rowid) FROM text_queue").first?.optionalInteger(0)
    }

    /// Removes an entry, or what was done of it: its rows before `next`.
    static func finish(_ entry: Entry, before next: Int64?, on connection: DatabaseConnection) throws {
        if let next, let rows = entry.rows, next <= rows.upperBound {
            try connection.execute(
                "UPDATE text_queue SET first_rowid = $1 WHERE id = $2", [.integer(next), .integer(entry.id)])
        } else {
            try connection.execute("DELETE FROM text_queue WHERE id = $1", [.integer(entry.id)])
        }
    }
}
