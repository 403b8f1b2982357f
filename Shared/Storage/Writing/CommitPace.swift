/// How fast transactions have taken bytes of late, and so how many may wait if none is to wait for long.
///
/// A state machine without clock or I/O, as `CommitQueue` is.
struct CommitPace {
    // Small groups say what a transaction costs, not what the database can take.
    static let groupBytesMin = 1 << 20
    private static let weight = 0.2

    private(set) var bytesPerSecond: Double?

    /// A group of so many bytes was written in so long, while so many writers wrote.
    mutating func committed(bytes: Int, in duration: Duration, writers: Int) {
        let seconds = duration / .seconds(1)
        guard bytes >= Self.groupBytesMin, seconds > 0 else { return }
        let seen = Double(bytes) / seconds * Double(max(writers, 1))
        bytesPerSecond = bytesPerSecond.map { $0 + Self.weight * (seen - $0) } ?? seen
    }

    /// What the database takes in a time; nil while nothing is known.
    func bytes(in time: Duration) -> Int? {
        guard let bytesPerSecond else { return nil }
        return Int(min(bytesPerSecond * (time / .seconds(1)), Double(Int32.max)))
    }
}
