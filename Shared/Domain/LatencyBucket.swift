#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Latencies counted by powers of 1.1, so that a quantile read from the counts is within five percent of the true one and
/// counts of any parts can simply be added (the idea of DDSketch, Masson et al. 2019).
public enum LatencyBucket {
    private static let growth = 1.1
    /// What is shorter than a microsecond counts as bucket 0.
    private static let unit = 1_000.0

    /// The bucket of a latency in nanoseconds.
    public static func index(nanoseconds: Int64) -> Int64 {
        let scaled = Double(max(nanoseconds, 0)) / unit
        return scaled < 1 ? 0 : Int64((log(scaled) / log(growth)).rounded(.down)) + 1
    }

    /// The latency that stands for a bucket: the middle of its bounds by ratio, in nanoseconds.
    public static func nanoseconds(index: Int64) -> Double {
        index <= 0 ? 0 : unit * pow(growth, Double(index) - 0.5)
    }

    /// The `probability`-quantile, in nanoseconds, of counts by bucket; nil without any. Buckets with no or negative
    /// counts are passed over.
    public static func quantile(_ probability: Double, counts: [Int64: Int64]) -> Double? {
        let ordered = counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        let total = ordered.reduce(0) { $0 + $1.value }
        guard total > 0 else { return nil }
        // The nearest rank: with few counts a high quantile must be the greatest, not the one before it.
        let rank = max(1, (min(max(probability, 0), 1) * Double(total)).rounded(.up))
        var seen: Int64 = 0
        for (index, count) in ordered {
            seen += count
            if Double(seen) >= rank { return nanoseconds(index: index) }
        }
        return ordered.last.map { nanoseconds(index: $0.key) }
    }
}
