import CZstd

/// Zstandard (RFC 8878).
enum Zstandard {
    // A window of 8 MiB is what RFC 8878, section 3.1.1.1.2 asks decoders to support at least, and all that we lend a stranger.
    private static let windowLogMax: Int32 = 23

    static func decompress(_ body: UnsafeRawBufferPointer, into output: consuming BoundedOutput) throws -> [UInt8] {
        guard let context = ZSTD_createDCtx() else { throw DecompressionError.malformed }
        defer { ZSTD_freeDCtx(context) }
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLogMax)
        var input = ZSTD_inBuffer(src: body.baseAddress, size: body.count, pos: 0)
        var remaining = 1
        while remaining != 0 || input.pos < input.size {
            var used = 0
            let before = input.pos
            try output.fill { room in
                var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                remaining = ZSTD_decompressStream(context, &target, &input)
                guard ZSTD_isError(remaining) == 0 else { throw DecompressionError.malformed }
                used = target.pos
                return used
            }
            // No progress with all input taken: the body ends in the middle of a frame.
            guard used > 0 || input.pos > before || remaining == 0 else { throw DecompressionError.malformed }
        }
        return output.finished()
    }
}
