/// Remembers keys roughly, in a few words that stand on the stack: enough to tell most sets of distinct keys from those
/// in which a key may come twice.
struct KeySieve {
    private static let bitCount: UInt64 = 1024

    private var bits = SIMD16<UInt64>()

    /// Whether no two of a message's attributes, its fields `field`, have the same key.
    static func areSurelyDistinct(in message: Bytes, _ field: UInt32) throws(WireError) -> Bool {
        var keys = KeySieve()
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            guard tag == field else {
                try reader.skip(tag)
                continue
            }
            guard keys.isSurelyNew(try Attribute(message: try reader.bytes()).key) else { return false }
        }
        return true
    }

    /// Remembers a key. False where it may have come before; of a dozen distinct keys one in fifteen says so wrongly.
    @inline(__always)
    private mutating func isSurelyNew(_ key: Bytes) -> Bool {
        let place = Self.hash(key) % Self.bitCount
        let (word, bit) = (Int(place / 64), UInt64(1) << (place % 64))
        guard bits[word] & bit == 0 else { return false }
        bits[word] |= bit
        return true
    }

    /// Of the length and the first and last eight bytes, where keys of one message differ.
    @inline(__always)
    private static func hash(_ key: Bytes) -> UInt64 {
        var hash = UInt64(key.count)
        if key.count >= 8, let start = key.baseAddress {
            hash = hash &+ Word.load(start) &* 0x9E37_79B9_7F4A_7C15
            hash = hash &+ Word.load(start + (key.count - 8)) &* 0xC2B2_AE3D_27D4_EB4F
        } else {
            for byte in key { hash = hash << 8 | UInt64(byte) }
            hash = hash &* 0x9E37_79B9_7F4A_7C15
        }
        return (hash ^ (hash >> 29)) &* 0xBF58_476D_1CE4_E5B9 >> 32
    }
}

/// A key in a dictionary; its bytes stay where they are.
struct HashedKey: Hashable {
    let bytes: Bytes

    static func == (left: HashedKey, right: HashedKey) -> Bool { left.bytes.equals(right.bytes) }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes: UnsafeRawBufferPointer(bytes)) }
}
