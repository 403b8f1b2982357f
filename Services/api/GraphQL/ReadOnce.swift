/// What the fields of one request read, by the key of what it belongs to, mostly a row's id: fields that stand beside each
/// other and need the same have it read once.
actor ReadOnce<Key: Hashable & Sendable, Value: Sendable> {
    typealias Values = [Key: Value]

    private var readings: [Key: Task<Values, any Error>] = [:]

    /// The values of these keys, and perhaps of others.
    func values(
        of keys: [Key], read: @escaping @Sendable ([Key]) async throws -> Values
    ) async throws -> Values {
        let missing = Array(Set(keys).filter { readings[$0] == nil })
        if !missing.isEmpty {
            let reading = Task { try await read(missing) }
            for key in missing { readings[key] = reading }
        }
        var values: Values = [:]
        for reading in Set(keys.compactMap { readings[$0] }) {
            let read = try await reading.value
            values = values.isEmpty ? read : values.merging(read) { first, _ in first }
        }
        return values
    }
}
