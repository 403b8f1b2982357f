import Foundation
import Storage

/// How well documents were found or put in order, by the score of each in their order. A document without a score is NaN,
/// and so is what depends on it. A score of 0 says that the document is not relevant.
struct RetrievalMetrics: Sendable, Equatable {
    var name: String
    var scores: [Double]

    /// Normalised discounted cumulative gain of the first `k` documents (all of them if nil), with linear gains and
    /// logarithms to base 2 (Järvelin and Kekäläinen, 2002). 0 where nothing is relevant.
    func ndcg(_ k: Int?) -> Double {
        let k = min(k ?? scores.count, scores.count)
        guard k > 0 else { return 0 }
        let best = scores.sorted { one, other in other.isNaN ? !one.isNaN : one > other }
        let ideal = Self.discounted(best.prefix(k))
        return ideal == 0 ? 0 : Self.discounted(scores.prefix(k)) / ideal
    }

    /// How many of the first `k` documents (all of them if nil) are relevant, of one.
    func precision(_ k: Int?) -> Double {
        let k = k ?? scores.count
        guard k > 0 else { return 0 }
        let first = scores.prefix(k)
        return first.contains(where: \.isNaN) ? .nan : Double(first.count { $0 != 0 }) / Double(k)
    }

    /// One divided by the place of the first relevant document, counted from 1; 0 without any.
    var reciprocalRank: Double {
        for (index, score) in scores.enumerated() {
            if !score.isFinite { return .nan }
            if score != 0 { return 1 / Double(index + 1) }
        }
        return 0
    }

    /// 1 if any document is relevant.
    var hit: Double {
        if scores.contains(where: { $0.isFinite && $0 != 0 }) { return 1 }
        return scores.allSatisfy(\.isFinite) ? 0 : .nan
    }

    private static func discounted(_ scores: ArraySlice<Double>) -> Double {
        scores.enumerated().reduce(0) { $0 + $1.element / log2(Double($1.offset + 2)) }
    }
}

extension RetrievalMetrics {
    /// Of several scores of a document the last counts; those beyond the documents do not.
    init(name: String, _ given: [DocumentScore], documentCount: Int) {
        var scores = [Double](repeating: .nan, count: documentCount)
        for document in given {
            let position = Int(document.position)
            if scores.indices.contains(position) { scores[position] = document.score ?? .nan }
        }
        self.init(name: name, scores: scores)
    }
}

/// The same of many spans.
struct RetrievalSummary: Sendable {
    var name: String
    var metrics: [RetrievalMetrics]

    /// Over the spans of which the metric can be told, and how many they are.
    func mean(_ metric: (RetrievalMetrics) -> Double) -> (mean: Double?, count: Int) {
        let values = metrics.map(metric).filter(\.isFinite)
        return (values.isEmpty ? nil : values.reduce(0, +) / Double(values.count), values.count)
    }
}
