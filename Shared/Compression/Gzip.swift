import CZlib

/// A body as gzip (RFC 1952), compressed for speed: answers are made for one reader and thrown away.
public func gzip(_ body: UnsafeRawBufferPointer) -> [UInt8] {
    // zlib's own codes: 15 is the largest window, 16 more asks for gzip's header.
    let windowBits: Int32 = 15 + 16
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    let begun = deflateInit2_(
        &stream, Z_BEST_SPEED, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    precondition(begun == Z_OK, "zlib has no memory")
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(body.count))))
    let count = output.withUnsafeMutableBytes { room in
        stream.next_in = UnsafeMutablePointer(mutating: body.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(body.count)
        stream.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(room.count)
        // The room is what zlib says is always enough, so one call ends the stream.
        let ended = deflate(&stream, Z_FINISH)
        precondition(ended == Z_STREAM_END)
        return room.count - Int(stream.avail_out)
    }
    output.removeLast(output.count - count)
    return output
}
