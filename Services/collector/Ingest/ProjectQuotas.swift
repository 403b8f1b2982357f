import Synchronization

/// What each project may send in a second, as token buckets: ten seconds' worth may come at once.
///
/// A request is taken while its project is not in debt, whatever its size, and puts it there by what it is too large:
/// so large requests need no large bucket, and the rate holds over time.
final class ProjectQuotas: Sendable {
    private struct Bucket {
        var bytes: Double
        var filledAt: ContinuousClock.Instant
    }

    private static let burstSeconds = 10.0
    private static let bucketsMax = 10_000

    private let bytesPerSecond: Int?
    private let overrides: [String: Int]
    private let now: @Sendable () -> ContinuousClock.Instant
    private let buckets = Mutex<[String: Bucket]>([:])

    /// `bytesPerSecond` nil, or an override of 0, means no limit.
    init(
        bytesPerSecond: Int?, overrides: [String: Int],
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.bytesPerSecond = bytesPerSecond
        self.overrides = overrides
        self.now = now
    }

    var isUnlimited: Bool { bytesPerSecond == nil && overrides.isEmpty }

    /// Takes the bytes of all projects, or of none; then it returns after how long the sender should try again.
    func take(_ bytes: [String: Int]) -> Duration? {
        let now = now()
        return buckets.withLock { buckets in
            var filled: [String: Bucket] = [:]
            var wait = 0.0
            for project in bytes.keys {
                guard let rate = rate(project) else { continue }
                let bucket = Self.fill(buckets[project], rate: rate, now: now)
                filled[project] = bucket
                if bucket.bytes <= 0 { wait = max(wait, -bucket.bytes / rate) }
            }
            let isRefused = filled.values.contains { $0.bytes <= 0 }
            for (project, bucket) in filled where !isRefused {
                buckets[project] = Bucket(bytes: bucket.bytes - Double(bytes[project] ?? 0), filledAt: now)
            }
            if buckets.count > Self.bucketsMax { dropFull(&buckets, now) }
            return isRefused ? .milliseconds(max(1000, Int((wait * 1000).rounded(.up)))) : nil
        }
    }

    private func rate(_ project: String) -> Double? {
        guard let rate = overrides[project] ?? bytesPerSecond, rate > 0 else { return nil }
        return Double(rate)
    }

    private static func fill(_ bucket: Bucket?, rate: Double, now: ContinuousClock.Instant) -> Bucket {
        let most = rate * burstSeconds
        guard let bucket else { return Bucket(bytes: most, filledAt: now) }
        let seconds = max(0, (now - bucket.filledAt) / .seconds(1))
        return Bucket(bytes: min(most, bucket.bytes + rate * seconds), filledAt: now)
    }

    /// Who has not sent for long needs no bucket.
    private func dropFull(_ buckets: inout [String: Bucket], _ now: ContinuousClock.Instant) {
        buckets = buckets.filter { now - $0.value.filledAt < .seconds(Self.burstSeconds) }
    }
}
