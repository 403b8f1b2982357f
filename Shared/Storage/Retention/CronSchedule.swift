import Domain

/// When something is to be done: five fields as crontab writes them (minute, hour, day of the month, month, day of the
/// week), in UTC. A field is `*`, a number, a range, a list of them, each with a step behind `/`. Where both days are
/// restricted, either is enough.
public struct CronSchedule: Sendable, Hashable {
    public struct Invalid: Error, Sendable, Hashable {
        public var message: String
    }

    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let daysOfMonth: Set<Int>
    private let months: Set<Int>
    /// Sunday is 0.
    private let daysOfWeek: Set<Int>
    private let eitherDay: Bool

    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// Throws `Invalid` for what is no schedule.
    public init(_ text: String) throws(Invalid) {
        let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard fields.count == 5 else { throw Invalid(message: "a cron expression has five fields") }
        minutes = try Self.values(fields[0], in: 0...59)
        hours = try Self.values(fields[1], in: 0...23)
        daysOfMonth = try Self.values(fields[2], in: 1...31)
        months = try Self.values(fields[3], in: 1...12, names: Self.monthNames, firstName: 1)
        daysOfWeek = Set(try Self.values(fields[4], in: 0...7, names: Self.dayNames, firstName: 0).map { $0 % 7 })
        eitherDay = fields[2].first != "*" && fields[4].first != "*"
    }

    private static func values(
        _ field: Substring, in range: ClosedRange<Int>, names: [String] = [], firstName: Int = 0
    ) throws(Invalid) -> Set<Int> {
        var values: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            let step = pieces.count == 2 ? Int(pieces[1]) ?? 0 : 1
            let bounds =
                pieces[0] == "*"
                ? nil
                : pieces[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { piece in
                    names.firstIndex(of: piece.lowercased()).map { $0 + firstName } ?? Int(piece) ?? -1
                }
            let first = bounds?.first ?? (bounds == nil ? range.lowerBound : -1)
            let isOpen = bounds == nil || (bounds?.count == 1 && pieces.count == 2)
            let last = isOpen ? range.upperBound : bounds?.last ?? -1
            guard step > 0, range.contains(first), range.contains(last), first <= last else {
                throw Invalid(message: "\(field) is no field of a cron expression")
            }
            values.formUnion(stride(from: first, through: last, by: step))
        }
        return values
    }

    private static let minute: Int64 = 60 * Timestamp.nanosecondsPerSecond
    private static let day: Int64 = 24 * 60 * minute
    // A leap day that falls on a day of the week comes within twenty-eight years, or within forty at a century's end.
    private static let daysMax: Int64 = 41 * 366

    /// The last moment at or before `time` that the schedule names; nil where there is none. Nanoseconds since 1970.
    public func last(before time: Int64) -> Int64? {
        let today = time >= 0 ? time / Self.day : (time - Self.day + 1) / Self.day
        for back in 0..<Self.daysMax {
            let start = (today - back) * Self.day
            guard hasDay(start) else { continue }
            let limit = back == 0 ? Int((time - start) / Self.minute) : 24 * 60 - 1
            if let minute = lastMinute(upTo: limit) { return start + Int64(minute) * Self.minute }
        }
        return nil
    }

    private func hasDay(_ start: Int64) -> Bool {
        let text = Timestamp.iso8601(start)
        let fields = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard fields.count == 3, months.contains(fields[1]) else { return false }
        let days = start / Self.day
        // 1970 began on a Thursday.
        let week = Int(((days + 4) % 7 + 7) % 7)
        let (isDay, isWeekday) = (daysOfMonth.contains(fields[2]), daysOfWeek.contains(week))
        return eitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    private func lastMinute(upTo limit: Int) -> Int? {
        for hour in hours.sorted(by: >) where hour * 60 <= limit {
            if let minute = minutes.sorted(by: >).first(where: { hour * 60 + $0 <= limit }) {
                return hour * 60 + minute
            }
        }
        return nil
    }
}
