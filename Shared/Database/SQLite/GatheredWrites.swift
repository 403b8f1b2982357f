/// Writes to a file, of which those that follow one another are put together into blocks.
///
/// SQLite hands over its log in pieces of a page and 24 bytes before each. The kernel takes as long for what comes with
/// each call as for the bytes: in blocks that begin where its own do it is half as long.
struct GatheredWrites: ~Copyable {
    /// A block ends where the place in the file is a multiple of it.
    static let blockBytes = 64 << 10

    private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 4096)
    /// Where in the file the bytes belong that are held.
    private var start: Int64 = 0
    /// How many are held.
    private(set) var count = 0
    /// What SQLite was or is to be told: once bytes are lost, nothing may seem to be written.
    private var failure: Int32 = 0

    deinit { block.deallocate() }

    /// Takes bytes over. Gives to `put` what does not go on from there, and returns SQLite's code of what it said.
    mutating func write(
        _ bytes: UnsafeRawBufferPointer, at offset: Int64, put: (UnsafeRawBufferPointer, Int64) -> Int32
    ) -> Int32 {
        if offset != start + Int64(count) { _ = flush(put: put) }
        var rest = bytes[...]
        while failure == 0, !rest.isEmpty {
            if count == 0 { start = offset + Int64(rest.startIndex) }
            let place = Int((start + Int64(count)) % Int64(Self.blockBytes))
            let taken = rest.prefix(Self.blockBytes - place)
            block[count...].copyBytes(from: taken)
            count += taken.count
            rest = rest.dropFirst(taken.count)
            if place + taken.count == Self.blockBytes { _ = flush(put: put) }
        }
        return failure
    }

    /// Gives to `put` what is held. What it fails to write is gone, and every call fails until `settle`.
    mutating func flush(put: (UnsafeRawBufferPointer, Int64) -> Int32) -> Int32 {
        guard count > 0, failure == 0 else { return failure }
        failure = put(UnsafeRawBufferPointer(rebasing: block[..<count]), start)
        count = 0
        return failure
    }

    /// Flushes, and forgets a failure: whose bytes were lost has heard of it, or has given up what they were for.
    mutating func settle(put: (UnsafeRawBufferPointer, Int64) -> Int32) {
        _ = flush(put: put)
        failure = 0
    }
}
