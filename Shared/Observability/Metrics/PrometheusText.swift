/// Metrics as Prometheus reads them: its text format, version 0.0.4.
public enum PrometheusText {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All metrics, sorted by name, each with its `HELP` and `TYPE`.
    public static func exposition(of registry: MetricsRegistry) -> String {
        var text = ""
        for (name, family) in registry.snapshot.sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(escapedHelp(family.help))\n"
            text += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key.rendered < $1.key.rendered }) {
                append(name, labels, series, to: &text)
            }
        }
        return text
    }

    private static func append(
        _ name: String, _ labels: MetricLabels, _ series: MetricsRegistry.Series, to text: inout String
    ) {
        switch series {
        case .counter(let counter): text += sample(name, labels.rendered, counter.value)
        case .gauge(let gauge): text += sample(name, labels.rendered, gauge.value)
        case .reading(let read): text += sample(name, labels.rendered, read())
        case .histogram(let histogram): append(name, labels, histogram, to: &text)
        }
    }

    private static func append(
        _ name: String, _ labels: MetricLabels, _ histogram: HistogramMetric, to text: inout String
    ) {
        let counts = histogram.snapshot
        var total: UInt64 = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], counts.buckets) {
            total += count
            text += sample("\(name)_bucket", labels.rendered(bound: number(bound)), Double(total))
        }
        text += sample("\(name)_sum", labels.rendered, counts.sum)
        text += sample("\(name)_count", labels.rendered, Double(total))
    }

    private static func sample(_ name: String, _ labels: String, _ value: Double) -> String {
        "\(name)\(labels) \(number(value))\n"
    }

    /// As Go's `ParseFloat` takes it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Whole numbers without a fraction, as long as each has a double of its own.
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return value.description
    }

    private static func escapedHelp(_ help: String) -> String {
        help.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension MetricLabels {
    /// `{a="1",b="2"}`, or nothing without labels.
    fileprivate var rendered: String { Self.braces(pairs.map(Self.rendered)) }

    /// The same with a histogram's bound.
    fileprivate func rendered(bound: String) -> String { Self.braces(pairs.map(Self.rendered) + ["le=\"\(bound)\""]) }

    private static func braces(_ labels: [String]) -> String {
        labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    }

    private static func rendered(_ pair: Pair) -> String {
        let value = pair.value.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return "\(pair.name)=\"\(value)\""
    }
}
