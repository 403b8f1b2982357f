/// A small cache that drops what was not asked for the longest.
struct LeastRecentlyUsed<Key: Hashable, Value> {
    private struct Entry {
        var value: Value
        var usedAt: UInt64
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var clock: UInt64 = 0

    init(limit: Int) {
        precondition(limit > 0)
        self.limit = limit
    }

    var values: [Value] { entries.values.map(\.value) }

    mutating func value(for key: Key) -> Value? {
        guard let index = entries.index(forKey: key) else { return nil }
        clock += 1
        entries.values[index].usedAt = clock
        return entries.values[index].value
    }

    /// Returns what had to go to make room.
    mutating func insert(_ value: Value, for key: Key) -> Value? {
        clock += 1
        entries[key] = Entry(value: value, usedAt: clock)
        guard entries.count > limit, let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt }) else {
            return nil
        }
        return entries.removeValue(forKey: oldest.key)?.value
    }

    mutating func removeAll() {
        entries.removeAll()
    }
}
