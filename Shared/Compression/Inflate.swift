import CZlib

/// gzip (RFC 1952) and deflate, which by RFC 9110 is zlib's format (RFC 1950) and in practice often the bare stream
/// (RFC 1951): all three are told apart by their first bytes.
enum Inflate {
    // zlib's own codes: 15 is the largest window, 32 more detects gzip and zlib, a negative one means a bare stream.
    private static let detectWindowBits: Int32 = 15 + 32
    private static let bareWindowBits: Int32 = -15

    static func decompress(_ body: UnsafeRawBufferPointer, into output: consuming BoundedOutput) throws -> [UInt8] {
        guard body.count >= 2 else { throw DecompressionError.malformed }
        let isGzip = body[0] == 0x1F && body[1] == 0x8B
        let isZlib = body[0] & 0x0F == 8 && (UInt16(body[0]) << 8 | UInt16(body[1])).isMultiple(of: 31)
        var stream = z_stream()
        let windowBits = isGzip || isZlib ? detectWindowBits : bareWindowBits
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw DecompressionError.malformed
        }
        defer { inflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: body.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(clamping: body.count)
        return try inflateAll(&stream, into: output, isGzip: isGzip)
    }

    private static func inflateAll(
        _ stream: inout z_stream, into output: consuming BoundedOutput, isGzip: Bool
    ) throws -> [UInt8] {
        while true {
            var result = Z_OK
            try output.fill { room in
                stream.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.avail_out = UInt32(clamping: room.count)
                let offered = Int(stream.avail_out)
                result = inflate(&stream, Z_NO_FLUSH)
                return offered - Int(stream.avail_out)
            }
            switch result {
            case Z_OK: continue
            case Z_BUF_ERROR where stream.avail_out == 0: continue
            case Z_STREAM_END where isGzip && stream.avail_in > 0:
                // A gzip body may have several members, one after another (RFC 1952, section 2.2).
                guard inflateReset(&stream) == Z_OK else { throw DecompressionError.malformed }
            case Z_STREAM_END where stream.avail_in == 0: return output.finished()
            default: throw DecompressionError.malformed
            }
        }
    }
}
