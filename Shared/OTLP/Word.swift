/// Eight bytes of text in one integer, the first the lowest: what they have to do with each other is found without a loop.
/// (The comparisons of SIMD16 come out of the compiler as loops over their lanes.)
///
/// A mark is the high bit of a byte.
enum Word {
    private static var lowBits: UInt64 { 0x0101_0101_0101_0101 }
    private static var highBits: UInt64 { 0x8080_8080_8080_8080 }
    /// Letters, which have no mark.
    static var fill: UInt64 { 0x6161_6161_6161_6100 }

    @inline(__always)
    static func load(_ source: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(source).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    static func store(_ word: UInt64, _ target: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(target).storeBytes(of: word.littleEndian, as: UInt64.self)
    }

    /// The position of the first marked byte.
    @inline(__always)
    static func firstMarked(_ marks: UInt64) -> Int { marks.trailingZeroBitCount >> 3 }

    /// Marks what cannot stand for itself in a JSON string, and what must be checked as UTF-8. Only the first mark counts:
    /// behind it, others may be marked too.
    @inline(__always)
    static func beyondASCIIOrEscaped(_ word: UInt64) -> UInt64 {
        let quotes = word ^ (lowBits &* 0x22)
        let backslashes = word ^ (lowBits &* 0x5C)
        return (word | (word &- lowBits &* 0x20) | (quotes &- lowBits) | (backslashes &- lowBits)) & highBits
    }

    /// Marks NUL and what must be checked as UTF-8. Only the first mark counts.
    @inline(__always)
    static func beyondASCIIOrNUL(_ word: UInt64) -> UInt64 {
        (word | (word &- lowBits)) & highBits
    }

    /// Marks spaces, control characters and bytes beyond ASCII. Only the first mark counts.
    @inline(__always)
    static func beyondASCIIOrSpace(_ word: UInt64) -> UInt64 {
        (word | (word &- lowBits &* 0x21)) & highBits
    }

    /// Marks the bytes that equal `byte`, and no others.
    @inline(__always)
    static func equal(_ word: UInt64, to byte: UInt8) -> UInt64 {
        let differences = word ^ (lowBits &* UInt64(byte))
        let low = ~highBits
        return ~((differences & low &+ low) | differences | low)
    }

    /// How many of the bytes start a character of UTF-8.
    @inline(__always)
    static func characters(_ word: UInt64) -> Int {
        8 - (word & ~(word << 1) & highBits).nonzeroBitCount
    }
}
