/// A byte buffer that is written and emptied over and over; it keeps its memory in between.
final class GrowingBytes {
    private static let keptCapacityMax = 4 << 20

    private var start: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        start = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        start.deallocate()
    }

    /// Valid until the next change.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    func append(_ value: some FixedWidthInteger) {
        let size = value.bitWidth / 8
        reserve(size)
        start.storeBytes(of: value.bigEndian, toByteOffset: count, as: type(of: value))
        count += size
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (start + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Overwrites what was appended at `offset`.
    func replace(at offset: Int, with value: some FixedWidthInteger) {
        precondition(offset + value.bitWidth / 8 <= count)
        start.storeBytes(of: value.bigEndian, toByteOffset: offset, as: type(of: value))
    }

    func removeAll() {
        count = 0
        guard capacity > Self.keptCapacityMax else { return }
        start.deallocate()
        capacity = Self.keptCapacityMax
        start = .allocate(byteCount: capacity, alignment: 16)
    }

    private func reserve(_ size: Int) {
        guard count + size > capacity else { return }
        grow(toHold: count + size)
    }

    private func grow(toHold size: Int) {
        let larger = max(capacity * 2, size)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: start, byteCount: count)
        start.deallocate()
        start = moved
        capacity = larger
    }
}
