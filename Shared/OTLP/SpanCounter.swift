/// Counts the spans of a request in protobuf while its bytes come, in pieces of any size, and keeps none of them: for
/// requests that are refused, whose spans are still to be accounted for.
///
/// Groups, which OTLP has none of, end the counting. The count of malformed bytes is of no meaning.
public struct SpanCounter: Sendable {
    private enum Reading {
        case tag
        case varint
        case length(field: UInt64)
        case nothing
    }

    /// As far as the bytes have come.
    public private(set) var count = 0
    private var reading = Reading.tag
    private var position = 0
    private var bytesToSkip = 0
    private var value: UInt64 = 0
    private var shift: UInt64 = 0
    /// Where the message at hand ends, and the one around it; the outermost one has no end.
    private var resourceEnd = Int.max
    private var scopeEnd = Int.max
    private var depth = 0

    public init() {}

    public mutating func read(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count {
            if bytesToSkip > 0 {
                let step = min(bytesToSkip, bytes.count - index)
                index += step
                position += step
                bytesToSkip -= step
                continue
            }
            if case .nothing = reading { return }
            if case .tag = reading, shift == 0 { leaveWhatHasEnded() }
            position += 1
            read(bytes[index])
            index += 1
        }
    }

    private mutating func read(_ byte: UInt8) {
        guard shift < 64 else {
            reading = .nothing
            return
        }
        value |= UInt64(byte & 0x7f) << shift
        shift += 7
        guard byte < 0x80 else { return }
        let complete = value
        (value, shift) = (0, 0)
        switch reading {
        case .tag: read(tag: complete)
        case .varint: reading = .tag
        case .length(let field): enter(field, length: complete)
        case .nothing: break
        }
    }

    private mutating func read(tag: UInt64) {
        switch tag & 7 {
        case 0: reading = .varint
        case 1: bytesToSkip = 8
        case 2: reading = .length(field: tag >> 3)
        case 5: bytesToSkip = 4
        default: reading = .nothing
        }
    }

    /// ExportTraceServiceRequest.resource_spans is 1, ResourceSpans.scope_spans 2, ScopeSpans.spans 2.
    private mutating func enter(_ field: UInt64, length: UInt64) {
        reading = .tag
        guard length <= UInt64(Int.max - position) else {
            reading = .nothing
            return
        }
        switch (depth, field) {
        case (0, 1):
            resourceEnd = position + Int(length)
            depth = 1
        case (1, 2):
            scopeEnd = position + Int(length)
            depth = 2
        case (2, 2):
            count += 1
            bytesToSkip = Int(length)
        default:
            bytesToSkip = Int(length)
        }
    }

    private mutating func leaveWhatHasEnded() {
        if depth == 2, position >= scopeEnd { depth = 1 }
        if depth == 1, position >= resourceEnd { depth = 0 }
    }
}
