import Database
import Domain
import FilterLanguage

/// Puts spans' texts into the index of search, a moment after the spans themselves were written.
///
/// Any number of processes may do this at once. Each transaction is small, and after it comes a pause that is long while
/// spans keep arriving, so that they are stored as fast as without an index.
public struct TextIndexer: Sendable {
    /// What one transaction did.
    public struct Progress: Sendable, Equatable {
        public var indexed = 0
        public var removed = 0
        /// Nothing was to do.
        public var isIdle = true
        /// The last span's row.
        public var newestRow: Int64 = 0
    }

    // Some 40 ms of SQLite's one writer; of fewer at once, its index is merged more often.
    private static let spansMax = 1024
    // Searches find what waits too, so there is no hurry to see that something does.
    private static let idlePause = Duration.milliseconds(500)
    private static let idlePauseMax = Duration.seconds(2)
    // Pauses, in times that a transaction took: 4 % of the time is the index's while spans arrive faster than they could be
    // indexed, else half of it, and nearly all while none arrive.
    private static let busyPause = 24.0
    private static let quietPause = 1.0
    private static let lonelyPause = 0.1
    private static let busySpansPerSecond = 6000.0

    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Indexes until the task is cancelled. Errors go to `onError` and are tried again after a while.
    public func run(onError: @Sendable (any Error) -> Void) async throws {
        var arrivals = ArrivalRate()
        var idlePause = Self.idlePause
        while !Task.isCancelled {
            let begin = ContinuousClock.now
            var pause = idlePause
            do {
                let progress = try await step()
                arrivals.see(newestRow: progress.newestRow, at: .now)
                idlePause = progress.isIdle ? min(idlePause * 2, Self.idlePauseMax) : Self.idlePause
                if !progress.isIdle { pause = begin.duration(to: .now) * Self.pause(arrivals: arrivals.perSecond) }
            } catch is CancellationError {
                return
            } catch {
                onError(error)
                pause = .seconds(5)
            }
            try await Task.sleep(for: min(pause, .seconds(5)))
        }
    }

    private static func pause(arrivals: Double) -> Double {
        arrivals == 0 ? lonelyPause : arrivals < busySpansPerSecond ? quietPause : busyPause
    }

    /// Indexes everything that waits; for tests and tools.
    public func catchUp() async throws {
        while try await !step().isIdle {}
    }

    /// One transaction.
    public func step() async throws -> Progress {
        // Without a look first, an idle loop would take the writer's turn all the time.
        let (hasWork, newestRow) = try await database.read { connection in
            let newest = try connection.query("SELECT MAX(id) FROM spans").first?.optionalInteger(0) ?? 0
            let queued = try connection.query("SELECT 1 FROM text_queue LIMIT 1")
            guard queued.isEmpty, connection.dialect == .sqlite else { return (!queued.isEmpty, newest) }
            return (try !connection.query("SELECT 1 FROM text_removals LIMIT 1").isEmpty, newest)
        }
        guard hasWork else { return Progress(newestRow: newestRow) }
        return try await database.write { connection in
            var progress = Progress(newestRow: newestRow)
            // First: a removed span's row number may have been given anew.
            progress.removed = try Self.removeStale(on: connection)
            progress.isIdle = progress.removed == 0
            guard progress.removed < Self.spansMax else { return progress }
            for entry in try TextQueue.next(spans: Self.spansMax, on: connection) {
                let (texts, next) = try Self.texts(of: entry, on: connection)
                try Self.add(texts, on: connection)
                try TextQueue.finish(entry, before: next, on: connection)
                progress.indexed += texts.count
                progress.isIdle = false
            }
            return progress
        }
    }

    private struct Text {
        var span: Int64
        var trace: Int64
        var text: String
    }

    /// The texts of an entry's spans, and the row to go on from where that was not all.
    private static func texts(
        of entry: TextQueue.Entry, on connection: DatabaseConnection
    ) throws -> (texts: [Text], next: Int64?) {
        // A span must not be deleted between this and the row that refers to it.
        let lock = connection.dialect == .postgres ? "FOR KEY SHARE" : ""
        let columns = "SELECT id, trace_rowid, name, input_preview, output_preview FROM spans"
        if let rows = entry.rows {
            let found = try connection.query(
                "\(columns) WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT \(spansMax) \(lock)",
                [.integer(rows.lowerBound), .integer(rows.upperBound)]
            ).map(text)
            return (found, found.count < spansMax ? nil : found.last.map { $0.span + 1 })
        }
        if connection.dialect == .postgres {
            let ids = SQLValue.byteStrings(entry.spanIDs.map(\.bytes))
            return (try connection.query("\(columns) WHERE span_id = ANY($1::bytea[]) \(lock)", [ids]).map(text), nil)
        }
        var texts: [Text] = []
        for id in entry.spanIDs {
            let isSpan = connection.dialect.span("spans", hasID: "$1")
            texts += try connection.query("\(columns) WHERE \(isSpan)", [.bytes(id.bytes)]).map(text)
        }
        return (texts, nil)
    }

    private static func text(_ row: SQLRow) throws -> Text {
        Text(
            span: try row.integer(0), trace: try row.integer(1),
            text: SearchText.of(
                name: try row.text(2), input: try row.optionalText(3), output: try row.optionalText(4)))
    }

    private static let upsert = Upsert(
        table: "span_texts", columns: [("span_rowid", .integer), ("trace_rowid", .integer), ("text", .text)],
        onConflict: "(span_rowid) DO NOTHING")

    private static func add(_ texts: [Text], on connection: DatabaseConnection) throws {
        let texts = texts.sorted { $0.span < $1.span }
        guard connection.dialect == .sqlite else {
            try upsert.run(
                on: connection, rowCount: texts.count,
                values: [.integers(texts.map(\.span)), .integers(texts.map(\.trace)), .texts(texts.map(\.text))])
            return
        }
        // With VALUES: before an INSERT of what a SELECT finds, SQLite writes down what its index has gathered so far.
        for text in texts {
            let added = try connection.execute(
                upsert.sql(for: .sqlite), [.integer(text.span), .integer(text.trace), .text(text.text)])
            guard added == 1 else { continue }
            try connection.execute(
                "INSERT INTO span_text_index (rowid, text) VALUES ($1, $2)", [.integer(text.span), .text(text.text)])
        }
    }

    /// Takes out of SQLite's index what is no longer there. Returns how many those were.
    private static func removeStale(on connection: DatabaseConnection) throws -> Int {
        guard connection.dialect == .sqlite else { return 0 }
        let stale = try connection.query(
            "SELECT id, span_rowid, text FROM text_removals ORDER BY id LIMIT \(spansMax)")
        for row in stale {
            try connection.execute(
                "INSERT INTO span_text_index (span_text_index, rowid, text) VALUES ('delete', $1, $2)",
                [.integer(try row.integer(1)), .text(try row.text(2))])
            try connection.execute("DELETE FROM text_removals WHERE id = $1", [.integer(try row.integer(0))])
        }
        return stale.count
    }
}
