/// How many spans a second arrive, seen from the rows that they are given.
struct ArrivalRate {
    /// So short that the first spans of a burst are not taken for all of it.
    private static let periodMin = Duration.milliseconds(250)

    private var last: (row: Int64, at: ContinuousClock.Instant)?
    /// Of the last whole period; some, until there was one.
    private(set) var perSecond = 1.0

    mutating func see(newestRow row: Int64, at now: ContinuousClock.Instant) {
        guard let last else {
            self.last = (row, now)
            return
        }
        let period = last.at.duration(to: now)
        guard period >= Self.periodMin else { return }
        perSecond = Double(max(0, row - last.row)) / (period / .seconds(1))
        self.last = (row, now)
    }
}
