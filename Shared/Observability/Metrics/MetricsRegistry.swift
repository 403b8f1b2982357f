import Synchronization

/// All metrics of a process. Asking twice for the same name and labels gives the same metric.
///
///     let accepted = metrics.counter("bennu_collector_spans_accepted_total", "Spans that were acknowledged.")
///     accepted.increment(by: batch.count)
public final class MetricsRegistry: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    enum Series: Sendable {
        case counter(CounterMetric)
        case gauge(GaugeMetric)
        case reading(@Sendable () -> Double)
        case histogram(HistogramMetric)
    }

    struct Family: Sendable {
        let kind: Kind
        var help: String
        var series: [MetricLabels: Series] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    public init() {}

    /// `name` ends in `_total`; `help` is a sentence.
    public func counter(_ name: String, _ help: String, labels: MetricLabels = [:]) -> CounterMetric {
        let series = series(name, help, .counter, labels) { .counter(CounterMetric()) }
        guard case .counter(let counter) = series else { preconditionFailure("\(name) is no counter") }
        return counter
    }

    public func gauge(_ name: String, _ help: String, labels: MetricLabels = [:]) -> GaugeMetric {
        let series = series(name, help, .gauge, labels) { .gauge(GaugeMetric()) }
        guard case .gauge(let gauge) = series else { preconditionFailure("\(name) is read, not set") }
        return gauge
    }

    /// A gauge that is read whenever somebody looks. A later reading of the same name and labels takes the earlier one's
    /// place.
    public func gauge(
        _ name: String, _ help: String, labels: MetricLabels = [:], reading: @escaping @Sendable () -> Double
    ) {
        setReading(name, help, .gauge, labels, reading)
    }

    /// A counter that is kept elsewhere and read whenever somebody looks.
    public func counter(
        _ name: String, _ help: String, labels: MetricLabels = [:], reading: @escaping @Sendable () -> Double
    ) {
        setReading(name, help, .counter, labels, reading)
    }

    /// `bounds` go up and are in the unit that `name` ends in.
    public func histogram(
        _ name: String, _ help: String, bounds: [Double] = HistogramMetric.latencyBounds, labels: MetricLabels = [:]
    ) -> HistogramMetric {
        let series = series(name, help, .histogram, labels) { .histogram(HistogramMetric(bounds: bounds)) }
        guard case .histogram(let histogram) = series else { preconditionFailure("\(name) is no histogram") }
        return histogram
    }

    var snapshot: [String: Family] { families.withLock { $0 } }

    private func series(
        _ name: String, _ help: String, _ kind: Kind, _ labels: MetricLabels, make: () -> Series
    ) -> Series {
        families.withLock { families in
            let family = Self.family(name, help, kind, &families)
            if let series = family.series[labels] { return series }
            let series = make()
            families[name]?.series[labels] = series
            return series
        }
    }

    private func setReading(
        _ name: String, _ help: String, _ kind: Kind, _ labels: MetricLabels,
        _ reading: @escaping @Sendable () -> Double
    ) {
        families.withLock { families in
            _ = Self.family(name, help, kind, &families)
            families[name]?.series[labels] = .reading(reading)
        }
    }

    private static func family(
        _ name: String, _ help: String, _ kind: Kind, _ families: inout [String: Family]
    ) -> Family {
        if let family = families[name] {
            precondition(family.kind == kind, "\(name) is a \(family.kind) already")
            return family
        }
        precondition(MetricLabels.isMetricName(name), "\(name) is no name for a metric")
        let family = Family(kind: kind, help: help)
        families[name] = family
        return family
    }
}
