/// What traces, sessions and projects sum over their spans. All are plain sums, so they can be added in any order.
struct RollupCounts: Equatable, Sendable {
    var traceCount: Int64 = 0
    var spanCount: Int64 = 0
    var errorCount: Int64 = 0
    var promptTokens: Int64 = 0
    var completionTokens: Int64 = 0
    /// Nano-dollars.
    var promptCost: Int64 = 0
    /// Nano-dollars.
    var completionCost: Int64 = 0

    static func += (left: inout RollupCounts, right: RollupCounts) {
        left.traceCount += right.traceCount
        left.spanCount += right.spanCount
        left.errorCount += right.errorCount
        left.promptTokens += right.promptTokens
        left.completionTokens += right.completionTokens
        left.promptCost += right.promptCost
        left.completionCost += right.completionCost
    }

    static prefix func - (counts: RollupCounts) -> RollupCounts {
        RollupCounts(
            traceCount: -counts.traceCount, spanCount: -counts.spanCount, errorCount: -counts.errorCount,
            promptTokens: -counts.promptTokens, completionTokens: -counts.completionTokens,
            promptCost: -counts.promptCost, completionCost: -counts.completionCost)
    }

    var isZero: Bool { self == RollupCounts() }
}
