import Synchronization

/// A number that many threads change.
final class AtomicDouble: Sendable {
    private let bits: Atomic<UInt64>

    init(_ value: Double = 0) {
        bits = Atomic(value.bitPattern)
    }

    var value: Double {
        get { Double(bitPattern: bits.load(ordering: .relaxed)) }
        set { bits.store(newValue.bitPattern, ordering: .relaxed) }
    }

    func add(_ amount: Double) {
        var current = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: current) + amount).bitPattern
            let (exchanged, found) = bits.weakCompareExchange(expected: current, desired: sum, ordering: .relaxed)
            if exchanged { return }
            current = found
        }
    }
}

/// A number that only grows: how often something happened. Its name ends in `_total`.
public final class CounterMetric: Sendable {
    private let count = AtomicDouble()

    public var value: Double { count.value }

    /// `amount` is never negative.
    public func increment(by amount: Int = 1) {
        increment(by: Double(amount))
    }

    public func increment(by amount: Double) {
        precondition(amount >= 0, "a counter does not go back")
        count.add(amount)
    }
}

/// A number that goes up and down: how much there is of something now.
public final class GaugeMetric: Sendable {
    private let number = AtomicDouble()

    public var value: Double { number.value }

    public func set(_ value: Double) {
        number.value = value
    }

    public func add(_ amount: Double) {
        number.add(amount)
    }
}

/// How values are spread: how many were at most as large as each bound.
public final class HistogramMetric: Sendable {
    /// For latencies, in seconds: from a millisecond to ten seconds.
    public static let latencyBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// For sizes, in bytes: from a kibibyte to 64 MiB.
    public static let sizeBounds = (0...8).map { Double(1024 << ($0 * 2)) }

    struct Counts: Sendable {
        /// One for each bound and one for what is larger than all.
        var buckets: [UInt64]
        var sum = 0.0
    }

    let bounds: [Double]
    private let counts: Mutex<Counts>

    init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds go up")
        self.bounds = bounds
        counts = Mutex(Counts(buckets: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    /// Counts a value, in the unit that the metric's name ends in.
    public func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts.withLock { counts in
            counts.buckets[bucket] += 1
            counts.sum += value
        }
    }

    /// Counts a time in seconds.
    public func record(_ duration: Duration) {
        record(duration / .seconds(1))
    }

    var snapshot: Counts { counts.withLock { $0 } }
}
