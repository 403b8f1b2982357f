import Database
import Domain

/// What one transaction adds to the sums of tokens and costs by model, gathered before it is written: by hour and day, and
/// for the rest as `ProjectRollups` does it.
struct ModelUsageRollups {
    /// The widths kept, in seconds, each a multiple of the one before it.
    static let widths: [Int64] = [3600, 86_400]

    struct Key: Hashable, Comparable {
        var bucket: ProjectRollups.Bucket
        var modelID: Int64
        var tokenType: String
        var isPrompt: Bool

        static func < (left: Key, right: Key) -> Bool {
            guard left.bucket == right.bucket else { return left.bucket < right.bucket }
            guard left.modelID == right.modelID else { return left.modelID < right.modelID }
            guard left.tokenType == right.tokenType else { return left.tokenType < right.tokenType }
            return !left.isPrompt && right.isPrompt
        }
    }

    struct Sums: Equatable {
        var tokens: Int64 = 0
        /// Nano-dollars.
        var cost: Int64 = 0

        static func += (left: inout Sums, right: Sums) {
            left.tokens += right.tokens
            left.cost += right.cost
        }
    }

    private var hours: [Key: Sums] = [:]

    /// Counts the charges of a span of a project that starts at `startTime` (nanoseconds since 1970) `times` times;
    /// negative to take them back.
    mutating func add(
        _ charges: [TokenCharge], modelID: Int64, projectID: Int64, startTime: Int64, times: Int64
    ) {
        let hour = RollupRange.floor(startTime, 3600 * Timestamp.nanosecondsPerSecond)
        let bucket = ProjectRollups.Bucket(
            projectID: projectID, width: 3600, start: hour / Timestamp.nanosecondsPerSecond)
        for charge in charges {
            let key = Key(
                bucket: bucket, modelID: modelID, tokenType: charge.tokenType, isPrompt: charge.isPrompt)
            hours[key, default: Sums()] += Sums(tokens: charge.tokens * times, cost: charge.cost * times)
        }
    }

    /// The changes at every width that is kept, zeros left out.
    func widened() -> [Key: Sums] {
        var widened: [Key: Sums] = [:]
        for (key, sums) in hours {
            for width in Self.widths {
                var wide = key
                wide.bucket.width = width
                wide.bucket.start = RollupRange.floor(key.bucket.start, width)
                widened[wide, default: Sums()] += sums
            }
        }
        return widened.filter { $0.value != Sums() }
    }

    /// Adds the changes to the table. `shard` is the writer's own number.
    func apply(to connection: DatabaseConnection, shard: Int64) throws {
        let rows = widened().sorted { $0.key < $1.key }
        try Self.upsert.run(
            on: connection, rowCount: rows.count,
            values: [
                .integers(rows.map(\.key.bucket.projectID)), .integers(rows.map(\.key.bucket.width)),
                .integers(rows.map(\.key.bucket.start)), .integers(rows.map(\.key.modelID)),
                .texts(rows.map(\.key.tokenType)), .integers(rows.map { $0.key.isPrompt ? 1 : 0 }),
                .integers(rows.map { _ in shard }), .integers(rows.map(\.value.tokens)),
                .integers(rows.map(\.value.cost)),
            ])
    }

    private static let upsert = Upsert(
        table: "model_usage",
        columns: [
            ("project_id", .integer), ("width", .integer), ("bucket_start", .integer), ("model_id", .integer),
            ("token_type", .text), ("is_prompt", .integer), ("shard", .integer), ("tokens", .integer),
            ("cost", .integer),
        ],
        onConflict: """
            (project_id, width, bucket_start, model_id, token_type, is_prompt, shard) DO UPDATE SET
                tokens = model_usage.tokens + excluded.tokens, cost = model_usage.cost + excluded.cost
            """)
}
