import Synchronization

/// Counts the fields of an answer as they come to be completed: a group of objects at a time, so that a value costs nothing.
final class FieldBudget: Sendable {
    private let max: Int
    private let spent = Atomic<Int>(0)

    init(max: Int) {
        self.max = max
    }

    var isExceeded: Bool { spent.load(ordering: .relaxed) > max }

    /// Counts fields that are about to be completed. False where they are more than the answer may have.
    func spend(_ count: Int) -> Bool {
        // Nothing is taken back, and every count is of something in memory: it cannot wrap.
        spent.wrappingAdd(count, ordering: .relaxed).newValue <= max
    }

    func check() throws {
        if isExceeded { throw error }
    }

    /// What is answered in the place of too large an answer.
    var error: GraphQLError {
        GraphQLError(
            message: "The answer has more than \(max) fields. Ask for fewer items of lists, or fewer fields of each.")
    }
}
