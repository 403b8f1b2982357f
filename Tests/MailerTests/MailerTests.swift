import Domain
import Testing

@testable import bennu_mailer

@Suite struct MailerTests {
    @Test func aMailIsTriedLessAndLessOftenForADay() throws {
        let second = Timestamp.nanosecondsPerSecond
        var now: Int64 = 0
        var attempts: Int64 = 0
        var pauses: [Int64] = []
        while attempts < 1000 {
            attempts += 1
            guard let next = RetrySchedule.next(after: attempts, createdAt: 0, now: now, jitter: 1) else { break }
            pauses.append((next - now) / second)
            now = next
        }
        #expect(Array(pauses.prefix(5)) == [5, 10, 20, 40, 80])
        #expect(pauses.allSatisfy { $0 <= 3600 })
        #expect(pauses.last == 3600)
        #expect(now <= 86_400 * second)
        #expect(now > 82_000 * second)
        #expect(RetrySchedule.next(after: .max, createdAt: 0, now: 0, jitter: 1.1) != nil)
    }

    @Test func aBellThatRangBeforeIsHeard() async {
        let bell = Bell()
        bell.ring()
        await bell.wait(for: .seconds(3600))
        let waiting = Task { await bell.wait(for: .seconds(3600)) }
        bell.ring()
        await waiting.value
        await bell.wait(for: .milliseconds(1))
        bell.silence()
        await bell.wait(for: .seconds(3600))
        #expect(bell.isSilent)
    }
}
