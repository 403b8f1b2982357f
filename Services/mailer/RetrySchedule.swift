import Domain

/// When a mail that failed is tried again: soon at first, then less and less often, for a day.
enum RetrySchedule {
    private static let first: Int64 = 5 * Timestamp.nanosecondsPerSecond
    private static let longest: Int64 = 3600 * Timestamp.nanosecondsPerSecond
    private static let day: Int64 = 86_400 * Timestamp.nanosecondsPerSecond

    /// Nanoseconds since 1970-01-01T00:00:00Z; nil when a day is over. `attempts` have been made.
    static func next(
        after attempts: Int64, createdAt: Int64, now: Int64, jitter: Double = .random(in: 0.9...1.1)
    ) -> Int64? {
        let doublings = min(max(attempts - 1, 0), 20)
        let pause = min(first << doublings, longest)
        let next = now + Int64(Double(pause) * jitter)
        return next - createdAt > day ? nil : next
    }
}
