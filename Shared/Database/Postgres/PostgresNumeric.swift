/// A `numeric` in Postgres' binary form, which sums over `bigint` are: base-10,000 digits, the first one's weight, a sign.
struct PostgresNumeric {
    private static let negative: UInt16 = 0x4000
    private static let positive: UInt16 = 0x0000

    private let digits: [Int16]
    private let weight: Int
    private let isNegative: Bool

    /// Nil for NaN and infinities.
    init?(_ bytes: UnsafeRawBufferPointer) {
        func field(_ position: Int) -> Int16 {
            Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: position * 2, as: Int16.self))
        }
        guard bytes.count >= 8 else { return nil }
        let count = Int(field(0))
        let sign = UInt16(bitPattern: field(2))
        guard sign == Self.positive || sign == Self.negative, bytes.count == 8 + 2 * count else { return nil }
        weight = Int(field(1))
        isNegative = sign == Self.negative
        digits = (0..<count).map { field(4 + $0) }
    }

    /// Nil if there is a fraction, or more than fits.
    var integer: Int64? {
        guard !digits.isEmpty else { return 0 }
        guard weight >= 0, weight < 5, digits.dropFirst(weight + 1).allSatisfy({ $0 == 0 }) else { return nil }
        var value: Int64 = 0
        for position in 0...weight {
            let digit = Int64(position < digits.count ? digits[position] : 0)
            let (shifted, overflowed) = value.multipliedReportingOverflow(by: 10_000)
            // Summed below zero, where there is room for one more than above.
            let (next, borrowed) = shifted.subtractingReportingOverflow(digit)
            guard !overflowed, !borrowed else { return nil }
            value = next
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// As text first: only a decimal parser rounds correctly.
    var real: Double? {
        let mantissa = digits.map { digit in
            let text = String(digit)
            return String(repeating: "0", count: 4 - text.count) + text
        }
        let exponent = (weight - digits.count + 1) * 4
        return Double((isNegative ? "-" : "") + "0" + mantissa.joined() + "e\(exponent)")
    }
}
