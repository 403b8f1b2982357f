import Domain

/// What a span costs, in nano-dollars, by the prices of one model.
public struct SpanCostColumns: Sendable {
    public var modelID: Int64
    public var promptCost: Int64
    public var completionCost: Int64
    /// One a token type and side.
    public var charges: [TokenCharge]

    public init(modelID: Int64, promptCost: Int64, completionCost: Int64, charges: [TokenCharge]) {
        self.modelID = modelID
        self.promptCost = promptCost
        self.completionCost = completionCost
        self.charges = charges
    }
}

/// A request's spans, or some of them, with all that could be found out before their transaction.
struct PreparedSpans: Sendable {
    let batch: SpanBatch
    /// Which of the batch's spans these are.
    let spans: Range<Int>
    /// One for each of the batch's spans; nil where nothing is known to have a price.
    let costs: [SpanCostColumns?]
    /// One for each of the batch's resources: the project that its spans name.
    let projectIDs: [Int64]
    /// One for each of the batch's resources.
    let resourceIDs: [Int64]
    /// One for each of the batch's resources: what `projectIDs` were found by.
    let projectNames: [String]

    // A client may claim any number; sums of honest ones must not overflow because of one that lies.
    private static let tokensMax: Int64 = 1_000_000_000

    /// The same spans, with their projects' ids found anew.
    func with(projectIDs: [Int64]) -> PreparedSpans {
        PreparedSpans(
            batch: batch, spans: spans, costs: costs, projectIDs: projectIDs, resourceIDs: resourceIDs,
            projectNames: projectNames)
    }

    /// The same spans in parts of so many at most.
    func parts(ofSpans spansMax: Int) -> [PreparedSpans] {
        guard spans.count > spansMax else { return [self] }
        return stride(from: spans.lowerBound, to: spans.upperBound, by: spansMax).map { start in
            PreparedSpans(
                batch: batch, spans: start..<min(start + spansMax, spans.upperBound), costs: costs,
                projectIDs: projectIDs, resourceIDs: resourceIDs, projectNames: projectNames)
        }
    }

    /// What these spans take in memory: small ones more for what is known of them than for their texts.
    var memoryBytes: Int {
        let known = MemoryLayout<SpanRecord>.stride + MemoryLayout<SpanCostColumns?>.stride
        return spans.count * known + batch.bytes.count * spans.count / max(batch.spans.count, 1)
    }

    /// What a span adds to its trace's, session's and project's sums.
    func counts(ofSpan index: Int) -> RollupCounts {
        let span = batch.spans[index]
        return RollupCounts(
            spanCount: 1, errorCount: span.statusCode == .error ? 1 : 0,
            promptTokens: promptTokens(ofSpan: index) ?? 0, completionTokens: completionTokens(ofSpan: index) ?? 0,
            promptCost: costs[index]?.promptCost ?? 0, completionCost: costs[index]?.completionCost ?? 0)
    }

    func promptTokens(ofSpan index: Int) -> Int64? {
        batch.spans[index].promptTokens.map { min(max($0, 0), Self.tokensMax) }
    }

    func completionTokens(ofSpan index: Int) -> Int64? {
        batch.spans[index].completionTokens.map { min(max($0, 0), Self.tokensMax) }
    }
}
