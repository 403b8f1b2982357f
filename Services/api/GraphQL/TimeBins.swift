import Foundation
import GraphQL

/// The steps of a time series, as a clock at some offset from UTC counts them.
struct TimeBins: Sendable {
    enum Scale: String, GraphQLEnum, Hashable {
        case minute = "MINUTE"
        case hour = "HOUR"
        case day = "DAY"
        case week = "WEEK"
        case month = "MONTH"
        case year = "YEAR"
    }

    // What a person can look at, and an answer can hold.
    private static let countMax = 50_000
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// Seconds since 1970, the first of each step.
    let starts: [Int64]
    /// Of the sums that each step can be put together from, in seconds.
    let width: Int64
    private let scale: Scale
    private let offset: Int64

    /// - Parameters:
    ///   - range: nanoseconds since 1970; what comes after is left out, and nothing before is.
    ///   - offset: seconds that the clock is ahead of UTC.
    init(_ range: Range<Int64>, _ scale: Scale, offset: Int64) throws {
        (self.scale, self.offset) = (scale, offset)
        width = Self.width(scale, offset: offset)
        var starts: [Int64] = []
        var next = Self.start(of: range.lowerBound / 1_000_000_000, scale, offset)
        while !range.isEmpty, next < (range.upperBound + 999_999_999) / 1_000_000_000 {
            guard starts.count < Self.countMax else {
                throw ExpectedError("timeRange: too many steps; take longer ones")
            }
            starts.append(next)
            next = Self.start(of: Self.behind(next, scale), scale, offset)
        }
        self.starts = starts
    }

    /// The step that a second belongs to.
    func start(of second: Int64) -> Int64 { Self.start(of: second, scale, offset) }

    private static func start(of second: Int64, _ scale: Scale, _ offset: Int64) -> Int64 {
        let local = second + offset
        switch scale {
        case .minute: return floor(local, 60) - offset
        case .hour: return floor(local, 3600) - offset
        case .day: return floor(local, 86_400) - offset
        // 1970 began on a Thursday; weeks begin on Mondays.
        case .week: return floor(local + 3 * 86_400, 7 * 86_400) - 3 * 86_400 - offset
        case .month, .year:
            let date = Date(timeIntervalSince1970: Double(local))
            let first = calendar.dateInterval(of: scale == .month ? .month : .year, for: date)?.start ?? date
            return Int64(first.timeIntervalSince1970) - offset
        }
    }

    /// A moment of the step behind the one that begins here.
    private static func behind(_ start: Int64, _ scale: Scale) -> Int64 {
        switch scale {
        case .minute: start + 60
        case .hour: start + 3600
        case .day: start + 86_400
        case .week: start + 7 * 86_400
        case .month: start + 32 * 86_400
        case .year: start + 367 * 86_400
        }
    }

    private static func width(_ scale: Scale, offset: Int64) -> Int64 {
        switch scale {
        case .minute: 60
        case .hour: offset.isMultiple(of: 3600) ? 3600 : 60
        default: offset == 0 ? 86_400 : offset.isMultiple(of: 3600) ? 3600 : 60
        }
    }

    private static func floor(_ value: Int64, _ width: Int64) -> Int64 {
        let remainder = value % width
        return value - (remainder < 0 ? remainder + width : remainder)
    }
}

/// `timeBinConfig`.
struct TimeBinConfig: InputObjectDecodable {
    var scale: TimeBins.Scale
    var offset: Int64

    static let hourly = TimeBinConfig(scale: .hour, offset: 0)

    private init(scale: TimeBins.Scale, offset: Int64) {
        (self.scale, self.offset) = (scale, offset)
    }

    init(fields: Arguments) throws {
        scale = try fields.value("scale")
        let minutes = try fields.int("utcOffsetMinutes")
        guard (-1440...1440).contains(minutes) else { throw ExpectedError("utcOffsetMinutes is more than a day") }
        offset = Int64(minutes) * 60
    }
}
