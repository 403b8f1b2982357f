#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Bytes of the request, or of the decoder's scratch memory: valid while a span is being built, never longer.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension Bytes {
    static var none: Bytes { Bytes(start: nil, count: 0) }

    @inline(__always)
    func equals(_ literal: StaticString) -> Bool {
        count == literal.utf8CodeUnitCount && memcmp(baseAddress ?? literal.utf8Start, literal.utf8Start, count) == 0
    }

    @inline(__always)
    func equals(_ other: Bytes) -> Bool {
        guard count == other.count else { return false }
        guard count > 0, let own = baseAddress, let others = other.baseAddress else { return true }
        return memcmp(own, others, count) == 0
    }

    @inline(__always)
    func hasPrefix(_ literal: StaticString) -> Bool {
        count >= literal.utf8CodeUnitCount && slice(0, literal.utf8CodeUnitCount).equals(literal)
    }

    @inline(__always)
    func hasSuffix(_ literal: StaticString) -> Bool {
        let start = count - literal.utf8CodeUnitCount
        return start >= 0 && slice(start, count).equals(literal)
    }

    /// The bytes from `start` up to `end`, both within `0...count`.
    @inline(__always)
    func slice(_ start: Int, _ end: Int) -> Bytes {
        Bytes(rebasing: self[start..<end])
    }

    /// Without the white space of ASCII at both ends.
    var trimmed: Bytes {
        var start = 0
        var end = count
        while start < end, self[start].isWhiteSpace { start += 1 }
        while end > start, self[end - 1].isWhiteSpace { end -= 1 }
        return slice(start, end)
    }

    /// At least one byte, and all of them decimal digits.
    @inline(__always)
    var isDigits: Bool {
        guard let first, first.isDigit else { return false }
        return allSatisfy(\.isDigit)
    }

    /// Digits without the zeros before the number; one zero stays.
    var withoutLeadingZeros: Bytes {
        var start = 0
        while start + 1 < count, self[start] == UInt8(ascii: "0") { start += 1 }
        return slice(start, count)
    }
}

extension UInt8 {
    /// What Python's `str.strip` takes as white space in ASCII.
    @inline(__always)
    var isWhiteSpace: Bool { (9...13).contains(self) || (28...32).contains(self) }

    @inline(__always)
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
