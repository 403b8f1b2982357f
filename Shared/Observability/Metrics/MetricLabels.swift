/// What tells the series of one metric apart: `["reason": "queue_full"]`. Keep the number of different values small.
public struct MetricLabels: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// Sorted by name.
    let pairs: [Pair]

    struct Pair: Sendable, Hashable {
        let name: String
        let value: String
    }

    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    public init(_ elements: some Sequence<(String, String)>) {
        pairs = elements.map { Pair(name: $0.0, value: $0.1) }.sorted { $0.name < $1.name }
        for pair in pairs { precondition(Self.isLabelName(pair.name), "\(pair.name) is no name for a label") }
        precondition(Set(pairs.map(\.name)).count == pairs.count, "a label has one value")
    }

    static func isMetricName(_ name: String) -> Bool { isName(name, alsoAllowing: ":") }

    /// Prometheus keeps names with two leading underscores, and `le` marks the bounds of histograms.
    static func isLabelName(_ name: String) -> Bool { isName(name) && !name.hasPrefix("__") && name != "le" }

    private static func isName(_ name: String, alsoAllowing extra: Unicode.Scalar? = nil) -> Bool {
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return name.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": true
            default: scalar == extra
            }
        }
    }
}
