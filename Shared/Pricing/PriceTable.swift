import Domain
import Synchronization

/// Finds what a span's tokens cost.
///
/// A span's model is the one whose pattern matches the whole of its model name and that had started when the span did. Of
/// several, these win, in this order: own models before built-in ones; where the span names a provider, models of that
/// provider before models of none (and never another's); the more specific pattern; the later start; the highest id of
/// own models, the lowest of built-in ones.
///
/// Patterns are matched once for each pair of model name and provider; the table is made anew when its models change.
public final class PriceTable: Sendable {
    /// Names come from clients, so that the memory for what was found must be bounded.
    private static let foundMax = 4096
    /// A longer name is no model's, and a careless pattern could take very long over it.
    private static let nameBytesMax = 512

    private struct Query: Hashable {
        let name: String
        let provider: String?
    }

    private struct Candidate {
        let model: ModelPrice
        let pattern: NamePattern
        let isOwn: Bool
    }

    private struct State {
        var candidates: [Candidate]
        /// The models that match, in the order in which they win.
        var found: [Query: [ModelPrice]] = [:]
    }

    private let state: Mutex<State>

    /// - Parameter own: models that people have added.
    public init(builtIn: [ModelPrice] = ModelPrice.builtIn, own: [ModelPrice] = []) {
        let candidates =
            own.map { Candidate(model: $0, pattern: NamePattern($0.namePattern), isOwn: true) }
            + builtIn.map { Candidate(model: $0, pattern: NamePattern($0.namePattern), isOwn: false) }
        state = Mutex(State(candidates: candidates))
    }

    /// Whether text can be a model's `namePattern`: a regular expression that is matched in time, whatever the name. No group
    /// may be repeated in it, and at most three of its other parts.
    public static func isValidPattern(_ pattern: String) -> Bool { NamePattern.isValid(pattern) }

    /// The model that a span's tokens are charged by; nil where none matches.
    public func model(named name: String, provider: String?, startTime: Int64) -> ModelPrice? {
        let query = Query(name: name, provider: provider)
        return state.withLock { state in
            if let found = state.found[query] { return Self.started(found, by: startTime) }
            let found = Self.matching(query, state.candidates)
            if state.found.count >= Self.foundMax { state.found.removeAll() }
            state.found[query] = found
            return Self.started(found, by: startTime)
        }
    }

    /// What an LLM span's tokens cost; nil where no model's price is known.
    ///
    /// - Parameters:
    ///   - startTime: when the span started, in nanoseconds since 1970.
    ///   - details: counts by type, which are parts of the totals.
    public func cost(
        model name: String, provider: String?, startTime: Int64, promptTokens: Int64, completionTokens: Int64,
        details: [TokenDetail]
    ) -> SpanCost? {
        model(named: name, provider: provider, startTime: startTime).map {
            SpanCost(
                model: $0, promptTokens: promptTokens, completionTokens: completionTokens, details: details)
        }
    }

    private static func started(_ models: [ModelPrice], by time: Int64) -> ModelPrice? {
        models.first { $0.startTime.map { $0 <= time } ?? true }
    }

    private static func matching(_ query: Query, _ candidates: [Candidate]) -> [ModelPrice] {
        guard !query.name.isEmpty, query.name.utf8.count <= nameBytesMax else { return [] }
        return candidates.filter { isFor(query.provider, $0.model) && $0.pattern.matches(query.name) }
            .sorted { wins($0, over: $1, for: query.provider) }.map(\.model)
    }

    private static func isFor(_ provider: String?, _ model: ModelPrice) -> Bool {
        provider == nil || model.provider == nil || model.provider == provider
    }

    private static func wins(_ left: Candidate, over right: Candidate, for provider: String?) -> Bool {
        if left.isOwn != right.isOwn { return left.isOwn }
        if let provider, (left.model.provider == provider) != (right.model.provider == provider) {
            return left.model.provider == provider
        }
        if left.pattern.specificity != right.pattern.specificity {
            return left.pattern.specificity > right.pattern.specificity
        }
        let (leftStart, rightStart) = (left.model.startTime ?? .min, right.model.startTime ?? .min)
        if leftStart != rightStart { return leftStart > rightStart }
        return left.isOwn ? left.model.id > right.model.id : left.model.id < right.model.id
    }
}
