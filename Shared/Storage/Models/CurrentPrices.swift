import Pricing
import Synchronization

/// The prices by which new spans are charged: the built-in ones, and those of models that people have added.
public final class CurrentPrices: Sendable {
    private struct State {
        var table = PriceTable()
        var own: [ModelPrice] = []
    }

    private let state = Mutex(State())

    /// Without models of people's own, until the first `refresh`.
    public init() {}

    public var table: PriceTable { state.withLock { $0.table } }

    /// Takes over what has changed in the database. Returns whether something has.
    @discardableResult
    public func refresh(from models: ModelRepository) async throws -> Bool {
        let own = try await models.models().map(\.price)
        guard state.withLock({ $0.own != own }) else { return false }
        let table = PriceTable(own: own)
        state.withLock { $0 = State(table: table, own: own) }
        return true
    }
}
