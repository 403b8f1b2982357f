/// A number as JSON writes it (RFC 8259, section 6), whose value is exact however it is written.
struct JSONNumber {
    private let text: Bytes
    private var isNegative = false
    /// All digits from the first that is not 0, without the point.
    private var digitCount = 0
    private var firstDigit = 0
    /// The power of ten that the digits, taken as a whole number, are multiplied by.
    private var exponent = 0

    /// Nil where the text is no number, or more than one.
    init?(_ text: Bytes) {
        self.text = text
        var position = 0
        if text.first == UInt8(ascii: "-") {
            isNegative = true
            position = 1
        }
        let wholeStart = position
        skipDigits(&position)
        guard position > wholeStart, text[wholeStart] != UInt8(ascii: "0") || position == wholeStart + 1 else {
            return nil
        }
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position += 1
            let fractionStart = position
            skipDigits(&position)
            guard position > fractionStart else { return nil }
            exponent = fractionStart - position
        }
        let digitsEnd = position
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            guard takeExponent(&position) else { return nil }
        }
        guard position == text.count else { return nil }
        leaveOutZeros(from: wholeStart, to: digitsEnd)
    }

    private func skipDigits(_ position: inout Int) {
        while position < text.count, text[position].isDigit { position += 1 }
    }

    private mutating func takeExponent(_ position: inout Int) -> Bool {
        position += 1
        var isBelow = false
        if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
            isBelow = text[position] == UInt8(ascii: "-")
            position += 1
        }
        let start = position
        skipDigits(&position)
        // Beyond any number that fits, and far from what an Int holds.
        let power = text.slice(start, position).reduce(0) { min($0 * 10 + Int($1 - UInt8(ascii: "0")), 1 << 40) }
        exponent += isBelow ? -power : power
        return position > start
    }

    /// Zeros at either end say nothing but where the point is.
    private mutating func leaveOutZeros(from start: Int, to end: Int) {
        func isPassedOver(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "0") || byte == UInt8(ascii: ".") }
        var (first, last) = (start, end)
        while first < last, isPassedOver(text[first]) { first += 1 }
        while last > first, isPassedOver(text[last - 1]) {
            last -= 1
            if text[last] == UInt8(ascii: "0") { exponent += 1 }
        }
        firstDigit = first
        digitCount = text.slice(first, last).count { $0 != UInt8(ascii: ".") }
    }

    /// The number as a whole one; nil where it has a fraction or does not fit.
    func integer<Number: FixedWidthInteger>(as type: Number.Type = Number.self) -> Number? {
        guard digitCount > 0 else { return 0 }
        // No type here has more than twenty digits.
        guard exponent >= 0, digitCount <= 20, exponent <= 20 - digitCount else { return nil }
        var value: Number = 0
        var position = firstDigit
        for index in 0..<digitCount + exponent {
            if position < text.count, text[position] == UInt8(ascii: ".") { position += 1 }
            let digit = index < digitCount ? Number(text[position] - UInt8(ascii: "0")) : 0
            let (scaled, isBeyond) = value.multipliedReportingOverflow(by: 10)
            let (next, isBeyondToo) =
                isNegative ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            guard !isBeyond, !isBeyondToo else { return nil }
            value = next
            position += 1
        }
        return value
    }

    /// The nearest double; nil where it is beyond the largest.
    var double: Double? {
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }
}
