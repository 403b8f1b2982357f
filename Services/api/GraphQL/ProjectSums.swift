import Storage

/// What the fields of one request read of projects' sums: those that show the same stretch of time have it read once.
struct ProjectSums: Sendable {
    /// A project's, from `start` to before `end`: nanoseconds since 1970, nil is open.
    private struct Key<Kind: Hashable & Sendable>: Hashable, Sendable {
        var projectID: Int64
        var start: Int64?
        var end: Int64?
        var kind: Kind
    }

    private struct Whole: Hashable, Sendable {}
    private struct Steps: Hashable, Sendable {
        /// Seconds.
        var width: Int64
    }

    typealias Buckets = [(time: Int64, totals: SpanTotals)]

    private let statistics: ProjectStatistics
    private let totals = ReadOnce<Key<Whole>, SpanTotals>()
    private let latencies = ReadOnce<Key<ProjectStatistics.Subject>, [Int64: Int64]>()
    private let buckets = ReadOnce<Key<Steps>, Buckets>()

    init(_ statistics: ProjectStatistics) {
        self.statistics = statistics
    }

    func totals(of ids: [Int64], from start: Int64?, to end: Int64?) async throws -> [Int64: SpanTotals] {
        let keys = ids.map { Key(projectID: $0, start: start, end: end, kind: Whole()) }
        return try await Self.values(of: keys, totals) { try await statistics.sums(of: $0, from: start, to: end) }
    }

    /// Counts by `LatencyBucket`.
    func latencies(
        _ subject: ProjectStatistics.Subject, of ids: [Int64], from start: Int64?, to end: Int64?
    ) async throws -> [Int64: [Int64: Int64]] {
        let keys = ids.map { Key(projectID: $0, start: start, end: end, kind: subject) }
        return try await Self.values(of: keys, latencies) {
            try await statistics.latencies(subject, of: $0, from: start, to: end)
        }
    }

    func buckets(of ids: [Int64], _ range: Range<Int64>, width: Int64) async throws -> [Int64: Buckets] {
        let keys = ids.map {
            Key(projectID: $0, start: range.lowerBound, end: range.upperBound, kind: Steps(width: width))
        }
        return try await Self.values(of: keys, buckets) { try await statistics.buckets(of: $0, range, width: width) }
    }

    /// By project; the keys differ in nothing but that.
    private static func values<Kind, Value>(
        of keys: [Key<Kind>], _ once: ReadOnce<Key<Kind>, Value>,
        read: @escaping @Sendable ([Int64]) async throws -> [Int64: Value]
    ) async throws -> [Int64: Value] {
        let found = try await once.values(of: keys) { missing in
            let values = try await read(missing.map(\.projectID))
            return Dictionary(
                uniqueKeysWithValues: missing.compactMap { key in values[key.projectID].map { (key, $0) } })
        }
        return Dictionary(uniqueKeysWithValues: found.map { ($0.key.projectID, $0.value) })
    }
}
