import Database
import Logging
import TestSupport
import Testing

@testable import Storage

@Suite struct MailOutboxTests {
    private static let second: Int64 = 1_000_000_000

    private func withOutbox(_ body: (MailOutbox, Database) async throws -> Void) async throws {
        try await withDatabases { database in
            let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
            try await Migrator(database: database, migrations: allMigrations, logger: quiet).migrate()
            try await body(MailOutbox(database: database), database)
        }
    }

    private func mail(_ recipient: String) -> OutgoingMail {
        OutgoingMail(
            to: recipient, name: "Ada", kind: .passwordReset, subject: "s", text: "secret link", html: "<p>secret</p>")
    }

    private func enqueue(_ database: Database, _ recipients: String..., now: Int64 = 0) async throws {
        try await database.write { connection in
            for recipient in recipients { try MailOutbox.enqueue(mail(recipient), on: connection, now: now) }
        }
    }

    @Test func aMailIsThereOnlyIfItsTransactionIs() async throws {
        try await withOutbox { outbox, database in
            struct Cancelled: Error {}
            await #expect(throws: Cancelled.self) {
                try await database.write { connection in
                    try MailOutbox.enqueue(mail("a@b.c"), on: connection, now: 0)
                    throw Cancelled()
                }
            }
            #expect(try await outbox.counts().waiting == 0)
            try await enqueue(database, "a@b.c", now: 5)
            let claimed = try await outbox.claim(10, by: "one", lease: 10, now: 6)
            #expect(claimed.map(\.recipient) == ["a@b.c"])
            #expect(claimed[0].recipientName == "Ada")
            #expect(claimed[0].kind == "password_reset")
            #expect(claimed[0].text == "secret link")
            #expect(claimed[0].createdAt == 5)
            #expect(claimed[0].attempts == 1)
        }
    }

    @Test func aMailBelongsToOneMailerUntilItsLeaseEnds() async throws {
        try await withOutbox { outbox, database in
            try await enqueue(database, "a@b.c", "d@e.f", "g@h.i")
            let first = try await outbox.claim(2, by: "one", lease: 10, now: 1)
            #expect(first.map(\.recipient) == ["a@b.c", "d@e.f"])
            #expect(try await outbox.claim(9, by: "two", lease: 10, now: 2).map(\.recipient) == ["g@h.i"])
            #expect(try await outbox.claim(9, by: "two", lease: 10, now: 10).isEmpty)
            let later = try await outbox.claim(9, by: "two", lease: 10, now: 11)
            #expect(later.map(\.recipient) == ["a@b.c", "d@e.f"])
            #expect(later.map(\.attempts) == [2, 2])
            // The first has lost them, and may not send them any more.
            #expect(try await outbox.beginHandover(first[0].id, by: "one", lease: 10, now: 12) == false)
            #expect(try await outbox.beginHandover(first[0].id, by: "two", lease: 10, now: 12))
        }
    }

    @Test func mailersThatAskAtTheSameTimeShareTheWork() async throws {
        try await withOutbox { outbox, database in
            try await database.write { connection in
                for number in 0..<40 { try MailOutbox.enqueue(mail("m\(number)@x.y"), on: connection, now: 0) }
            }
            let taken = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try await outbox.claim(5, by: "mailer \(number)", lease: 100, now: 1).map(\.id)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(taken).count == taken.count)
            let rest = try await outbox.claim(40, by: "last", lease: 100, now: 1)
            #expect(taken.count + rest.count == 40)
        }
    }

    @Test func whatIsSentIsNotSentAgainAndLosesItsText() async throws {
        try await withOutbox { outbox, database in
            try await enqueue(database, "a@b.c", "d@e.f")
            let mails = try await outbox.claim(2, by: "one", lease: 10, now: 1)
            try await outbox.markSent(mails[0].id, answer: "250 OK\0", now: 2)
            try await outbox.giveUp(mails[1].id, reason: String(repeating: "x", count: 2000), now: 3)
            #expect(try await outbox.claim(9, by: "two", lease: 10, now: 100).isEmpty)
            let rows = try await database.read { connection in
                try connection.query("SELECT text || html, last_error FROM mails ORDER BY id").map {
                    (try $0.text(0), try $0.text(1))
                }
            }
            #expect(rows.map(\.0) == ["", ""])
            #expect(rows[0].1 == "250 OK ")
            #expect(rows[1].1.count == MailOutbox.errorCharactersMax)
            let counts = try await outbox.counts()
            #expect(counts == MailCounts(waiting: 0, sent: 1, failed: 1, oldestWaiting: nil))
            #expect(try await outbox.nextDue() == nil)
            #expect(try await outbox.removeFinished(before: 1) == 2)
        }
    }

    @Test func aMailThatFailedWaitsAndKeepsItsDoubts() async throws {
        try await withOutbox { outbox, database in
            try await enqueue(database, "a@b.c")
            let id = try await outbox.claim(1, by: "one", lease: 10, now: 1)[0].id
            #expect(try await outbox.beginHandover(id, by: "one", lease: 10, now: 2))
            try await outbox.postpone(id, by: "one", until: 50, isInDoubt: true, reason: "broken off")
            #expect(try await outbox.nextDue() == 50)
            #expect(try await outbox.claim(1, by: "one", lease: 10, now: 49).isEmpty)
            #expect(try await outbox.claim(1, by: "one", lease: 10, now: 50)[0].inDoubt == 1)
            try await outbox.postpone(id, by: "one", until: 60, isInDoubt: false, reason: "refused")
            let again = try await outbox.claim(1, by: "two", lease: 10, now: 60)[0]
            #expect(again.inDoubt == 0)
            #expect(again.attempts == 3)
            #expect(try await outbox.counts().oldestWaiting == 0)
        }
    }

    @Test func aMailerThatStopsGivesBackWhatItHasNotBegun() async throws {
        try await withOutbox { outbox, database in
            try await enqueue(database, "a@b.c", "d@e.f")
            let mails = try await outbox.claim(2, by: "one", lease: 1000, now: 1)
            #expect(try await outbox.beginHandover(mails[0].id, by: "one", lease: 1000, now: 2))
            try await outbox.release(by: "one")
            let free = try await outbox.claim(2, by: "two", lease: 10, now: 3)
            #expect(free.map(\.recipient) == ["d@e.f"])
            #expect(free[0].attempts == 1)
        }
    }
}
