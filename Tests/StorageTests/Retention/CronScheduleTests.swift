import Domain
import Testing

@testable import Storage

@Suite("Cron schedules")
struct CronScheduleTests {
    @Test(
        "the last moment before a time is found",
        arguments: [
            ("0 0 * * 0", "2026-07-15T12:00:00Z", "2026-07-12T00:00:00Z"),
            ("* * * * *", "2026-07-15T12:00:30Z", "2026-07-15T12:00:00Z"),
            ("30 6,18 * * *", "2026-07-15T18:29:59Z", "2026-07-15T06:30:00Z"),
            ("30 6,18 * * *", "2026-07-15T18:30:00Z", "2026-07-15T18:30:00Z"),
            ("*/15 9-17 * * mon-fri", "2026-07-18T10:00:00Z", "2026-07-17T17:45:00Z"),
            ("0 3 1 * *", "2026-03-01T02:59:00Z", "2026-02-01T03:00:00Z"),
            ("0 0 29 feb *", "2026-07-15T00:00:00Z", "2024-02-29T00:00:00Z"),
            ("0 0 13 * 5", "2026-07-15T00:00:00Z", "2026-07-13T00:00:00Z"),
            ("0 0 * * 7", "2026-07-12T00:00:00Z", "2026-07-12T00:00:00Z"),
            ("5/20 * * * *", "2026-07-15T12:50:00Z", "2026-07-15T12:45:00Z"),
        ])
    func last(expression: String, before time: String, expected: String) throws {
        let now = try #require(Timestamp.parseISO8601(time))
        let schedule = try CronSchedule(expression)
        #expect(schedule.last(before: now) == Timestamp.parseISO8601(expected))
    }

    @Test("a day that never comes is never due")
    func never() throws {
        #expect(try CronSchedule("0 0 31 2 *").last(before: 1_784_000_000_000_000_000) == nil)
    }

    @Test(
        "what is no schedule is refused",
        arguments: [
            "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
            "a * * * *",
            "*/0 * * * *", "5-1 * * * *", "1,, * * * *", "-1 * * * *", "1- * * * *",
        ])
    func refusals(expression: String) {
        #expect(throws: CronSchedule.Invalid.self) { _ = try CronSchedule(expression) }
    }
}
