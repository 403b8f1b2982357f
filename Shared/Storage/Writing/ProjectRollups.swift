import Database
import Domain

/// The changes that one transaction makes to a project's sums by time, gathered before they are written.
///
/// ```
/// spans of minute m ──► (project, 60, m)  ─┐
///                                          ├─ added up ─► (project, 3600, hour of m) ─► (project, 86400, day of m)
/// traces that start in m ──────────────────┘
/// ```
///
/// Every row is a plain sum, written by upserts ordered by key, so ten collectors neither deadlock nor miscount. Rows
/// are split over shards, one a writer, since all collectors write the current minute at once; a reader adds them up.
struct ProjectRollups {
    /// The widths kept, in seconds, each a multiple of the one before it.
    static let widths: [Int64] = [60, 3600, 86_400]

    enum Subject: Int64 {
        case span = 0
        case trace = 1
    }

    struct Bucket: Hashable, Comparable {
        var projectID: Int64
        var width: Int64
        /// Seconds since 1970-01-01T00:00:00Z.
        var start: Int64

        static func < (left: Bucket, right: Bucket) -> Bool {
            (left.projectID, left.width, left.start) < (right.projectID, right.width, right.start)
        }
    }

    struct LatencyKey: Hashable, Comparable {
        var bucket: Bucket
        var subject: Int64
        var latency: Int64

        static func < (left: LatencyKey, right: LatencyKey) -> Bool {
            guard left.bucket == right.bucket else { return left.bucket < right.bucket }
            return (left.subject, left.latency) < (right.subject, right.latency)
        }
    }

    private(set) var counts: [Bucket: RollupCounts] = [:]
    private(set) var latencies: [LatencyKey: Int64] = [:]
    /// What models were charged for, which has a table of its own.
    var models = ModelUsageRollups()

    /// Counts spans of a project that start at `startTime` (nanoseconds since 1970).
    mutating func add(_ added: RollupCounts, projectID: Int64, startTime: Int64) {
        counts[Self.minute(projectID, startTime), default: RollupCounts()] += added
    }

    /// Counts a latency `times` times; negative to take it back.
    mutating func addLatency(_ subject: Subject, projectID: Int64, startTime: Int64, endTime: Int64, times: Int64) {
        let key = LatencyKey(
            bucket: Self.minute(projectID, startTime), subject: subject.rawValue,
            latency: LatencyBucket.index(nanoseconds: endTime - startTime))
        latencies[key, default: 0] += times
    }

    /// Moves a trace from where it was counted (nil for a new one) to where it belongs now (nil for one that goes).
    mutating func moveTrace(
        projectID: Int64, from old: (start: Int64, end: Int64)?, to new: (start: Int64, end: Int64)?
    ) {
        if let old, let new, old == new { return }
        if let old { countTrace(projectID: projectID, start: old.start, end: old.end, times: -1) }
        if let new { countTrace(projectID: projectID, start: new.start, end: new.end, times: 1) }
    }

    /// Adds the changes to the tables. `shard` is the writer's own number.
    func apply(to connection: DatabaseConnection, shard: Int64) throws {
        let (counts, latencies) = widened()
        try Self.apply(counts, to: connection, shard: shard)
        try Self.apply(latencies, to: connection, shard: shard)
        try models.apply(to: connection, shard: shard)
    }

    private mutating func countTrace(projectID: Int64, start: Int64, end: Int64, times: Int64) {
        add(RollupCounts(traceCount: times), projectID: projectID, startTime: start)
        addLatency(.trace, projectID: projectID, startTime: start, endTime: end, times: times)
    }

    private static func minute(_ projectID: Int64, _ nanoseconds: Int64) -> Bucket {
        Bucket(projectID: projectID, width: 60, start: floor(nanoseconds, to: 60 * Timestamp.nanosecondsPerSecond))
    }

    /// The start, in seconds, of the interval of `width` nanoseconds that `nanoseconds` lies in.
    private static func floor(_ nanoseconds: Int64, to width: Int64) -> Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: width)
        return (remainder < 0 ? quotient - 1 : quotient) * (width / Timestamp.nanosecondsPerSecond)
    }

    private static func widened(_ bucket: Bucket, to width: Int64) -> Bucket {
        let start = floor(bucket.start * Timestamp.nanosecondsPerSecond, to: width * Timestamp.nanosecondsPerSecond)
        return Bucket(projectID: bucket.projectID, width: width, start: start)
    }

    /// The changes at every width that is kept, zeros left out.
    func widened() -> (counts: [Bucket: RollupCounts], latencies: [LatencyKey: Int64]) {
        var counts: [Bucket: RollupCounts] = [:]
        for (bucket, added) in self.counts where !added.isZero {
            for width in Self.widths { counts[Self.widened(bucket, to: width), default: RollupCounts()] += added }
        }
        var latencies: [LatencyKey: Int64] = [:]
        for (key, added) in self.latencies where added != 0 {
            for width in Self.widths {
                var widened = key
                widened.bucket = Self.widened(key.bucket, to: width)
                latencies[widened, default: 0] += added
            }
        }
        return (counts.filter { !$0.value.isZero }, latencies.filter { $0.value != 0 })
    }

    private static func apply(
        _ counts: [Bucket: RollupCounts], to connection: DatabaseConnection, shard: Int64
    ) throws {
        let rows = counts.sorted { $0.key < $1.key }
        try countsUpsert.run(
            on: connection, rowCount: rows.count,
            values: [
                .integers(rows.map(\.key.projectID)), .integers(rows.map(\.key.width)),
                .integers(rows.map(\.key.start)),
                .integers(rows.map { _ in shard }), .integers(rows.map(\.value.traceCount)),
                .integers(rows.map(\.value.spanCount)), .integers(rows.map(\.value.errorCount)),
                .integers(rows.map(\.value.promptTokens)), .integers(rows.map(\.value.completionTokens)),
                .integers(rows.map(\.value.promptCost)), .integers(rows.map(\.value.completionCost)),
            ])
    }

    private static func apply(
        _ latencies: [LatencyKey: Int64], to connection: DatabaseConnection, shard: Int64
    ) throws {
        let rows = latencies.sorted { $0.key < $1.key }
        try latenciesUpsert.run(
            on: connection, rowCount: rows.count,
            values: [
                .integers(rows.map(\.key.bucket.projectID)), .integers(rows.map(\.key.bucket.width)),
                .integers(rows.map(\.key.bucket.start)), .integers(rows.map(\.key.subject)),
                .integers(rows.map(\.key.latency)), .integers(rows.map { _ in shard }), .integers(rows.map(\.value)),
            ])
    }

    private static let countsUpsert = Upsert(
        table: "project_rollups",
        columns: [
            ("project_id", .integer), ("width", .integer), ("bucket_start", .integer), ("shard", .integer),
            ("trace_count", .integer), ("span_count", .integer), ("error_count", .integer), ("prompt_tokens", .integer),
            ("completion_tokens", .integer), ("prompt_cost", .integer), ("completion_cost", .integer),
        ],
        onConflict: """
            (project_id, width, bucket_start, shard) DO UPDATE SET
                trace_count = project_rollups.trace_count + excluded.trace_count,
                span_count = project_rollups.span_count + excluded.span_count,
                error_count = project_rollups.error_count + excluded.error_count,
                prompt_tokens = project_rollups.prompt_tokens + excluded.prompt_tokens,
                completion_tokens = project_rollups.completion_tokens + excluded.completion_tokens,
                prompt_cost = project_rollups.prompt_cost + excluded.prompt_cost,
                completion_cost = project_rollups.completion_cost + excluded.completion_cost
            """)

    private static let latenciesUpsert = Upsert(
        table: "project_latencies",
        columns: [
            ("project_id", .integer), ("width", .integer), ("bucket_start", .integer), ("subject", .integer),
            ("bucket", .integer), ("shard", .integer), ("count", .integer),
        ],
        onConflict: """
            (project_id, width, bucket_start, subject, bucket, shard)
            DO UPDATE SET count = project_latencies.count + excluded.count
            """)
}
