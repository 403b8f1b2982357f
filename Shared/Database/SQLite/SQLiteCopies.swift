/// Room for copies of short values that are bound, used again for each row: SQLite would allocate each of them.
struct SQLiteCopies {
    private static let bytesMax = 1024

    private var room: UnsafeMutableRawPointer?
    private var used = 0

    /// Nil where it does not fit.
    mutating func add(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        guard let start = bytes.baseAddress, bytes.count <= Self.bytesMax - used else { return nil }
        let room = room ?? .allocate(byteCount: Self.bytesMax, alignment: 1)
        self.room = room
        let copy = room + used
        copy.copyMemory(from: start, byteCount: bytes.count)
        used += bytes.count
        return UnsafeRawPointer(copy)
    }

    /// Nothing that was copied is bound any more.
    mutating func forget() { used = 0 }

    mutating func free() {
        room?.deallocate()
        room = nil
    }
}
