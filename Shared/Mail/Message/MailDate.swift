import Domain

/// A point in time as mail writes it (RFC 5322, section 3.3).
enum MailDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Tue, 01 Sep 2026 07:05:09 +0000`, of nanoseconds since 1970-01-01T00:00:00Z.
    static func text(_ nanoseconds: Int64) -> String {
        let stamp = Timestamp.iso8601(nanoseconds)
        let date = stamp.prefix(10).split(separator: "-")
        let day = days[Int(nanoseconds / (86_400 * Timestamp.nanosecondsPerSecond) % 7)]
        let month = months[(Int(date[1]) ?? 1) - 1]
        return "\(day), \(date[2]) \(month) \(date[0]) \(stamp.dropFirst(11).prefix(8)) +0000"
    }
}
