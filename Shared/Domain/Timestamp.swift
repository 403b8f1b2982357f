/// Points in time as ISO 8601 text and as nanoseconds since 1970-01-01T00:00:00Z, the form in which all of Bennu keeps them.
public enum Timestamp {
    public static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// `2026-07-01T12:00:00.123456+00:00`: microseconds and an offset, as Python's `isoformat` writes UTC.
    public static func iso8601(_ nanoseconds: Int64, suffix: String = "+00:00") -> String {
        var text: [UInt8] = []
        text.reserveCapacity(32)
        appendISO8601(nanoseconds, suffix: suffix, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends what `iso8601` returns, without making a string.
    public static func appendISO8601(_ nanoseconds: Int64, suffix: String = "+00:00", to text: inout [UInt8]) {
        let (seconds, remainder) = floorDivide(nanoseconds, nanosecondsPerSecond)
        let (days, secondOfDay) = floorDivide(seconds, 86_400)
        let (year, month, day) = civil(fromDays: days)
        appendDigits(year, count: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        appendDigits(month, count: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        appendDigits(day, count: 2, to: &text)
        text.append(UInt8(ascii: "T"))
        appendDigits(secondOfDay / 3600, count: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        appendDigits(secondOfDay / 60 % 60, count: 2, to: &text)
        text.append(UInt8(ascii: ":"))
        appendDigits(secondOfDay % 60, count: 2, to: &text)
        text.append(UInt8(ascii: "."))
        appendDigits(remainder / 1000, count: 6, to: &text)
        text.append(contentsOf: suffix.utf8)
    }

    /// Reads `YYYY-MM-DD`, optionally followed by `T` or a space and `hh:mm[:ss[.fraction]]` and an offset `Z` or
    /// `±hh[:]mm` (ISO 8601, RFC 3339 and what Python prints). Text without an offset is taken as UTC unless
    /// `requiresOffset`. Nil for anything else and for what does not fit 64 bits of nanoseconds.
    public static func parseISO8601(_ text: some StringProtocol, requiresOffset: Bool = false) -> Int64? {
        var reader = DigitReader(text: Array(text.utf8))
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), (1...12).contains(month), (1...daysInMonth(month, year)).contains(day)
        else { return nil }
        var seconds = days(fromYear: year, month: month, day: day) * 86_400
        var fraction: Int64 = 0
        var hasOffset = false
        if !reader.isAtEnd {
            guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.digits(2),
                reader.take(":"),
                let minute = reader.digits(2), hour < 24, minute < 60
            else { return nil }
            seconds += hour * 3600 + minute * 60
            if reader.take(":") {
                guard let second = reader.digits(2), second <= 60 else { return nil }
                seconds += second
                if reader.take(".") || reader.take(",") {
                    guard let read = reader.fraction() else { return nil }
                    fraction = read
                }
            }
            if let offset = reader.offset() {
                hasOffset = true
                seconds -= offset
            }
        }
        guard reader.isAtEnd, hasOffset || !requiresOffset else { return nil }
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: nanosecondsPerSecond)
        let (sum, overflowAgain) = scaled.addingReportingOverflow(fraction)
        return overflow || overflowAgain ? nil : sum
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func appendDigits(_ value: Int64, count: Int, to text: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<count { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }

    private static func daysInMonth(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Years are counted from March, so that the leap day is the last of its year.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func days(fromYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(shiftedYear, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Walks fixed-width digits and marks of a timestamp.
private struct DigitReader {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) {
        self.text = text
    }

    var isAtEnd: Bool { position == text.count }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: mark) else { return false }
        position += 1
        return true
    }

    mutating func digits(_ count: Int) -> Int64? {
        guard position + count <= text.count else { return nil }
        var value: Int64 = 0
        for digit in text[position..<position + count] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        position += count
        return value
    }

    /// One digit or more after the point; beyond nanoseconds they are dropped.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var count = 0
        while let digit = digits(1) {
            if count < 9 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        while count < 9 {
            value *= 10
            count += 1
        }
        return value
    }

    /// Seconds east of UTC; nil where there is no offset here.
    mutating func offset() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let start = position
        let sign: Int64 = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = digits(2) else {
            position = start
            return nil
        }
        _ = take(":")
        guard let minutes = digits(2), hours < 24, minutes < 60 else {
            position = start
            return nil
        }
        return sign * (hours * 3600 + minutes * 60)
    }
}
