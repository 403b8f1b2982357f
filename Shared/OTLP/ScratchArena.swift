/// Memory for the texts that a span's decoding makes, at addresses that stay until `reset`.
struct ScratchArena: ~Copyable {
    private static let chunkSize = 16_384

    private var chunks: [UnsafeMutableBufferPointer<UInt8>] = []
    /// Bytes in use of the last chunk.
    private var used = 0

    init() {}

    deinit { for chunk in chunks { chunk.deallocate() } }

    /// Keeps a copy of `bytes`.
    mutating func keep(_ bytes: Bytes) -> Bytes {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return .none }
        let start = reserve(bytes.count)
        start.update(from: source, count: bytes.count)
        return Bytes(start: start, count: bytes.count)
    }

    mutating func keep(_ text: String) -> Bytes {
        var text = text
        return text.withUTF8 { keep($0) }
    }

    private mutating func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        if let last = chunks.last, used + count <= last.count, let start = last.baseAddress {
            used += count
            return start + (used - count)
        }
        let start = UnsafeMutablePointer<UInt8>.allocate(capacity: max(Self.chunkSize, count))
        chunks.append(UnsafeMutableBufferPointer(start: start, count: max(Self.chunkSize, count)))
        used = count
        return start
    }

    /// Forgets everything kept; one chunk stays for what comes next.
    @inline(__always)
    mutating func reset() {
        used = 0
        if chunks.count > 1 { free() }
    }

    private mutating func free() {
        while chunks.count > 1 { chunks.removeLast().deallocate() }
        if let first = chunks.first, first.count > Self.chunkSize { chunks.removeLast().deallocate() }
    }
}
