import Domain
import Testing

@testable import Settings

@Suite struct DatabaseSettingsTests {
    private let parts = [
        "PHOENIX_POSTGRES_HOST": "db.example", "PHOENIX_POSTGRES_USER": "ada",
        "PHOENIX_POSTGRES_PASSWORD": "p@ss/w:rd%",
    ]

    @Test func partsAreTakenLiterally() throws {
        guard case .postgres(let found) = try settings(parts).database.location else {
            Issue.record("not Postgres")
            return
        }
        #expect(found.host == "db.example")
        #expect(found.port == 5432)
        #expect(found.user == "ada")
        #expect(found.password.revealed == "p@ss/w:rd%")
        #expect(found.database == "postgres")
    }

    @Test func theURLWinsOverTheParts() throws {
        let url = "postgresql://u@h/d"
        let database = try settings(parts.merging(["PHOENIX_SQL_DATABASE_URL": url]) { $1 }).database
        #expect(database.location == .url(Secret(url)))
        #expect(database.sources == ["PHOENIX_SQL_DATABASE_URL"])
    }

    @Test(arguments: ["PHOENIX_POSTGRES_USER", "PHOENIX_POSTGRES_PASSWORD"])
    func aHostNeedsUserAndPassword(missing: String) {
        var incomplete = parts
        incomplete[missing] = nil
        let lines = problems(incomplete)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("\(missing) is not set") == true)
    }

    @Test func aTokenOfACloudIsRefusedRatherThanReplacedByAPassword() {
        let lines = problems([
            "PHOENIX_POSTGRES_HOST": "h", "PHOENIX_POSTGRES_USER": "u", "PHOENIX_POSTGRES_USE_AWS_IAM_AUTH": "true",
        ])
        #expect(lines.count == 1)
        #expect(lines.first?.contains("is not served") == true)
    }

    @Test(arguments: ["mysql://h/d", "phoenix.db", "postgres:h"]) func anUnknownSchemeEndsTheStart(url: String) {
        let lines = problems(["PHOENIX_SQL_DATABASE_URL": url])
        #expect(lines.count == 1)
        #expect(lines.first?.contains(url) == false)
    }

    @Test(arguments: [
        "sqlite:///phoenix.db", "sqlite:////var/p.db", "postgresql://h/d", "postgres://h/d",
        "postgresql+asyncpg://h/d", "postgresql+psycopg://h/d",
    ])
    func knownSchemesAreTaken(url: String) {
        #expect(problems(["PHOENIX_SQL_DATABASE_URL": url]).isEmpty)
    }

    @Test func aDatabaseInMemoryIsTold() throws {
        #expect(try settings(["PHOENIX_SQL_DATABASE_URL": "sqlite:///:memory:"]).database.isInMemory)
        #expect(try !settings(["PHOENIX_SQL_DATABASE_URL": "sqlite:///memory.db"]).database.isInMemory)
        #expect(try !settings().database.isInMemory)
    }

    @Test(arguments: [
        ("sqlite:////a/b.db", "sqlite:////a/b.db"),
        ("postgresql://h:5432/d", "postgresql://h:5432/d"),
        ("postgresql://u:word@h:5432/d", "postgresql://(secret)@h:5432/d"),
        ("postgresql://u:wo/rd@h/d", "postgresql://(secret)@h/d"),
        ("postgresql://u:wo?rd@h/d", "postgresql://(secret)@h/d"),
        ("postgresql://u:w@rd@h/d?sslmode=require", "postgresql://(secret)@h/d?sslmode=require"),
        ("postgresql://u@h/d?password=wo@rd", "postgresql://(secret)@rd"),
        ("postgresql://h/d?user=u&password=word", "postgresql://h/d?user=u&password=(secret)"),
        ("postgresql://u:word", "postgresql://(secret)"),
        ("postgresql://u:word/d", "postgresql://(secret)"),
        ("postgresql://[::1]:5432/d", "postgresql://[::1]:5432/d"),
        ("word", "(secret)"),
    ])
    func aURLIsShownWithoutItsPassword(url: String, shown: String) {
        #expect(RedactedURL.text(url) == shown)
    }
}
