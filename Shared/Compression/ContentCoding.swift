/// How a body was compressed for its way (RFC 9110, section 8.4.1; zstd: RFC 8878, section 7.2).
public enum ContentCoding: String, Sendable, CaseIterable {
    case identity
    case gzip
    case deflate
    case zstd

    /// Reads one coding of a `Content-Encoding` header, in any case; `x-gzip` is gzip. Nil for what is not known.
    public init?(header: some StringProtocol) {
        let name = header.lowercased()
        if name == "x-gzip" {
            self = .gzip
        } else if let known = ContentCoding(rawValue: name) {
            self = known
        } else {
            return nil
        }
    }
}

/// Why a body could not be read.
public enum DecompressionError: Error, Equatable {
    /// It would be larger than the limit; no more than that was produced.
    case tooLarge(limit: Int)
    /// It is not what its coding says, or it ends too early.
    case malformed
}

/// Returns a body as it was before it was compressed. Memory is bounded by `limit` bytes, whatever the body claims.
///
/// `onGrowth` is told of so many bytes more before they are taken, and may refuse them by throwing.
public func decompress(
    _ body: UnsafeRawBufferPointer, _ coding: ContentCoding, limit: Int, onGrowth: (Int) throws -> Void = { _ in }
) throws -> [UInt8] {
    guard coding != .identity else {
        guard body.count <= limit else { throw DecompressionError.tooLarge(limit: limit) }
        try onGrowth(body.count)
        return Array(body)
    }
    return try withoutActuallyEscaping(onGrowth) { onGrowth in
        let output = try BoundedOutput(inputCount: body.count, limit: limit, onGrowth: onGrowth)
        return switch coding {
        case .zstd: try Zstandard.decompress(body, into: output)
        case .identity, .gzip, .deflate: try Inflate.decompress(body, into: output)
        }
    }
}

/// An output that grows by doubling and never beyond its limit by more than a byte, which tells that there was more.
struct BoundedOutput {
    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    let limit: Int
    private let onGrowth: (Int) throws -> Void

    init(inputCount: Int, limit: Int, onGrowth: @escaping (Int) throws -> Void) throws {
        self.limit = limit
        self.onGrowth = onGrowth
        try grow(by: max(inputCount * 4, 4096))
    }

    private mutating func grow(by wanted: Int) throws {
        let added = min(wanted, limit + 1 - bytes.count)
        try onGrowth(added)
        bytes.append(contentsOf: repeatElement(0, count: added))
    }

    /// Gives free room to `fill`, which returns how much of it was used.
    mutating func fill(_ fill: (UnsafeMutableRawBufferPointer) throws -> Int) throws {
        if count == bytes.count { try grow(by: bytes.count) }
        let used = try bytes.withUnsafeMutableBytes { buffer in
            try fill(UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
        }
        count += used
        guard count <= limit else { throw DecompressionError.tooLarge(limit: limit) }
    }

    consuming func finished() -> [UInt8] {
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
