/// Growing pauses between attempts, with chance in them so that many processes do not come back at one instant.
struct Backoff {
    private let longest: Duration
    private var current: Duration

    init(first: Duration, longest: Duration) {
        self.longest = longest
        current = first
    }

    /// The next pause: between half and the whole of a time that doubles up to `longest`.
    mutating func next() -> Duration {
        let whole = current
        current = min(current * 2, longest)
        return whole * Double.random(in: 0.5...1)
    }
}
