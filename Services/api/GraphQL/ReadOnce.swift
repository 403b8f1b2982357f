/// What the fields of one request read of rows, by id: fields that stand beside each other and need the same have it read
/// once.
actor ReadOnce<Value: Sendable> {
    typealias Values = [Int64: Value]

    private var readings: [Int64: Task<Values, any Error>] = [:]

    /// The values of these ids, and perhaps of others.
    func values(
        of ids: [Int64], read: @escaping @Sendable ([Int64]) async throws -> Values
    ) async throws -> Values {
        let missing = Set(ids).filter { readings[$0] == nil }.sorted()
        if !missing.isEmpty {
            let reading = Task { try await read(missing) }
            for id in missing { readings[id] = reading }
        }
        var values: Values = [:]
        for reading in Set(ids.compactMap { readings[$0] }) {
            let read = try await reading.value
            values = values.isEmpty ? read : values.merging(read) { first, _ in first }
        }
        return values
    }
}
