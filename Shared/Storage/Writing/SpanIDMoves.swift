import Database
import Domain
import Synchronization

/// Brings the ids of spans on SQLite from `new_span_ids` to `span_ids`, a stretch of the order at a time.
///
/// What it remembers may be wrong, as after a transaction that failed or beside other writers: then ids are moved a little
/// earlier or later.
final class SpanIDMoves: Sendable {
    private struct State {
        /// What came since the last time that the table was looked at.
        var added = 0
        /// Where the next stretch begins.
        var next = SpanID(0)
    }

    /// After how many new ones the table is looked at; twice as many are moved then, if it holds too many.
    private let stretch: Int
    private let keptMin: Int64
    private let state = Mutex(State())

    init(stretch: Int = 4096, keptMin: Int64 = 65_536) {
        self.stretch = stretch
        self.keptMin = keptMin
    }

    /// To be called where ids were added, in the same transaction. `lastRow` is about how many spans there are.
    func run(added: Int, lastRow: Int64, on connection: DatabaseConnection) throws {
        let next = state.withLock { state -> (SpanID, Int)? in
            state.added += added
            guard state.added >= stretch else { return nil }
            defer { state.added = 0 }
            return (state.next, 2 * state.added)
        }
        guard let (start, count) = next else { return }
        let waiting = try connection.query("SELECT COUNT(*) FROM new_span_ids").first?.integer(0) ?? 0
        guard waiting > kept(ofSpans: lastRow) else { return }
        let end = try Self.move(count, from: start, on: connection)
        state.withLock { $0.next = end }
    }

    /// How many stay new. A group of spans changes each page of them, one in some 700 ids, and one page in the large table
    /// for so many ids as that has pages for each that stays: here both are about the same.
    private func kept(ofSpans spans: Int64) -> Int64 {
        max(keptMin, Int64((Double(stretch) * Double(max(spans, 0))).squareRoot()))
    }

    /// Returns where the next stretch begins.
    private static func move(_ count: Int, from start: SpanID, on connection: DatabaseConnection) throws -> SpanID {
        let behind = try connection.query(
            "SELECT span_id FROM new_span_ids WHERE span_id >= $1 ORDER BY span_id LIMIT 1 OFFSET $2",
            [.bytes(start.bytes), .integer(Int64(count))])
        let end = try behind.first.flatMap { SpanID(bytes: try $0.bytes(0)) }
        let range = end == nil ? "span_id >= $1" : "span_id >= $1 AND span_id < $2"
        let values = [start, end].compactMap { $0.map { SQLValue.bytes($0.bytes) } }
        // What is in both by some mishap must not stand in the way of all others.
        try connection.execute(
            """
            INSERT OR IGNORE INTO span_ids (span_id, span_rowid)
            SELECT span_id, span_rowid FROM new_span_ids WHERE \(range) ORDER BY span_id
            """, values)
        try connection.execute("DELETE FROM new_span_ids WHERE \(range)", values)
        return end ?? SpanID(0)
    }
}
