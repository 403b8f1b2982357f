import Database
import Storage

/// How large the database's tables are. SQLite reads its whole file to tell, so that an answer is kept for a hundred times
/// as long as it took to find, and one who asks meanwhile gets the same.
actor TableSizes {
    typealias Sizes = [(name: String, bytes: Int64)]

    private static let restPerReading = 100

    private let database: Database
    private var reading: Task<Sizes, any Error>?
    private var keptUntil: ContinuousClock.Instant?

    init(database: Database) {
        self.database = database
    }

    /// The largest first.
    func sizes() async throws -> Sizes {
        if let reading, keptUntil.map({ $0 > .now }) ?? true { return try await reading.value }
        let began = ContinuousClock.now
        let reading = Task { [database] in try await database.read { try DatabaseSize.tables(on: $0) } }
        self.reading = reading
        keptUntil = nil
        let result = await reading.result
        keptUntil = .now + (.now - began) * Self.restPerReading
        return try result.get()
    }
}
