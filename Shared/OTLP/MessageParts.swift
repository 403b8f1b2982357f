/// An embedded message that may come in parts. What comes later is merged into what came before
/// (https://protobuf.dev/programming-guides/encoding/#last-one-wins), which is what the bytes of both behind each other
/// say.
struct MessageParts {
    private var first = Bytes.none
    /// Empty until a second part comes.
    private var joined: [UInt8] = []

    mutating func add(_ part: Bytes) {
        if first.isEmpty {
            first = part
        } else {
            if joined.isEmpty { joined = Array(first) }
            joined.append(contentsOf: part)
        }
    }

    /// Calls `body` with the whole message, which is valid as long as that runs.
    func read<Result>(_ body: (Bytes) throws(WireError) -> Result) throws(WireError) -> Result {
        guard !joined.isEmpty else { return try body(first) }
        return try joined.withUnsafeBufferPointer { bytes throws(WireError) in try body(bytes) }
    }
}

/// What a `ResourceSpans` message and one `ScopeSpans` within it say of all their spans.
struct SpanOrigin {
    var resource = MessageParts()
    var resourceSchema = Bytes.none
    var scope = MessageParts()
    var scopeSchema = Bytes.none
}
