import Database
import Domain
import Testing

@Suite("Database URLs")
struct LocationTests {
    @Test(
        "a SQLite URL is a path",
        arguments: [
            ("sqlite:///relative/x.db", "relative/x.db"), ("sqlite:////var/lib/x.db", "/var/lib/x.db"),
            ("sqlite:///:memory:", ":memory:"), ("sqlite://", ":memory:"), ("sqlite:///a b%20c.db", "a b%20c.db"),
            ("sqlite+aiosqlite:////x.db", "/x.db"),
        ])
    func sqlite(_ url: String, _ path: String) throws {
        #expect(try DatabaseLocation(url: url) == .sqlite(path: path))
    }

    private func parameters(_ url: String) throws -> PostgresParameters? {
        guard case .postgres(let parameters) = try DatabaseLocation(url: url) else { return nil }
        return parameters
    }

    @Test(
        "a Postgres URL names host, port, database and user, by any of its schemes",
        arguments: [
            "postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg",
        ])
    func postgres(_ scheme: String) throws {
        let parameters = try parameters("\(scheme)://phoenix:p%40ss@db.example:5433/traces")
        #expect(
            parameters?.values == ["host": "db.example", "port": "5433", "dbname": "traces", "user": "phoenix"])
        #expect(parameters?.password == Secret("p@ss"))
    }

    @Test(
        "every part of a Postgres URL may take its other forms",
        arguments: [
            ("postgresql://", [:]),
            ("postgresql:///traces", ["dbname": "traces"]),
            ("postgresql://h", ["host": "h"]),
            ("postgresql://h/", ["host": "h"]),
            ("postgresql://h/d%2Fe", ["host": "h", "dbname": "d/e"]),
            ("postgresql://u@h/d", ["host": "h", "user": "u", "dbname": "d"]),
            ("postgresql://[::1]:5433/d", ["host": "::1", "port": "5433", "dbname": "d"]),
            ("postgresql://a:1,b,c:3/d", ["host": "a,b,c", "port": "1,,3", "dbname": "d"]),
            ("postgresql://%2Fvar%2Frun/d", ["host": "/var/run", "dbname": "d"]),
            ("postgresql:///d?host=/var/run&port=6432", ["host": "/var/run", "port": "6432", "dbname": "d"]),
            (
                "postgresql://h/d?sslmode=verify-full&sslrootcert=%2Fca.pem",
                ["host": "h", "dbname": "d", "sslmode": "verify-full", "sslrootcert": "/ca.pem"]
            ),
            (
                "postgresql://h/d?target_session_attrs=read-write&application_name=x%20y",
                ["host": "h", "dbname": "d", "target_session_attrs": "read-write", "application_name": "x y"]
            ),
            ("postgresql://u@h/d?user=v", ["host": "h", "user": "v", "dbname": "d"]),
            ("postgresql://h/d?options=-c%20geqo%3Doff", ["host": "h", "dbname": "d", "options": "-c geqo=off"]),
        ] as [(String, [String: String])])
    func forms(_ url: String, _ values: [String: String]) throws {
        #expect(try parameters(url)?.values == values)
    }

    @Test("a password may hold anything, encoded or in the query")
    func passwords() throws {
        #expect(try parameters("postgresql://u:a%3A%2F%3F%23%25@h/d")?.password == Secret("a:/?#%"))
        #expect(try parameters("postgresql://u:p@ss:word@h/d")?.password == Secret("p@ss:word"))
        #expect(try parameters("postgresql://u:p@ss:word@h/d")?.values["host"] == "h")
        #expect(try parameters("postgresql://h/d?user=u&password=s%26t")?.password == Secret("s&t"))
        #expect(try parameters("postgresql://u@h/d")?.password == nil)
    }

    @Test("what other drivers call by another name is understood, and what only they need is left out")
    func otherDrivers() throws {
        #expect(try parameters("postgresql+asyncpg://h/d?ssl=true")?.values["sslmode"] == "require")
        #expect(try parameters("postgresql+asyncpg://h/d?ssl=verify-ca")?.values["sslmode"] == "verify-ca")
        #expect(try parameters("postgresql+asyncpg://h/d?timeout=7")?.values["connect_timeout"] == "7")
        let values = try parameters("postgresql+asyncpg://h/d?prepared_statement_cache_size=0&command_timeout=5")?
            .values
        #expect(values == ["host": "h", "dbname": "d"])
    }

    @Test(
        "what is wrong is said, and the password never is",
        arguments: [
            ("mysql://u:hunter2@h/d", "scheme"),
            ("hunter2", "must begin"),
            ("postgresql://u:hunter2@h:port/d", "port"),
            ("postgresql://u:hunter2@h:99999/d", "port"),
            ("postgresql://u:hunter2%zz@h/d", "percent"),
            ("postgresql://u:hunter2@h/d?sslmod=require", "`sslmod`"),
            ("postgresql://u:hunter2@h/d?sslmode=hunter2", "sslmode"),
            ("postgresql://u:hunter2@h/d?ssl=hunter2", "ssl"),
            ("postgresql://u:hunter2@h/d?connect_timeout=hunter2", "connect_timeout"),
            ("postgresql://u:hunter2@::1/d", "brackets"),
            ("postgresql://u:hunter2@[::1/d", "bracket"),
            ("sqlite://hunter2/x.db", "slashes"),
            ("sqlite:///x.db?mode=ro", "parameters"),
        ])
    func mistakes(_ url: String, _ hint: String) {
        let error = #expect(throws: DatabaseLocationError.self) { try DatabaseLocation(url: url) }
        #expect(error?.description.contains(hint) == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("neither a location's text nor its parts show the password")
    func noPassword() throws {
        let location = try DatabaseLocation(url: "postgresql://u:hunter2@h:5433/d?sslpassword=hunter2")
        #expect(location.description == "postgresql://u@h:5433/d")
        #expect(!String(reflecting: location).contains("hunter2") && !"\(location)".contains("hunter2"))
        var dumped = ""
        dump(location, to: &dumped)
        #expect(!dumped.contains("hunter2"))
    }

    @Test("parts that are configured one by one are taken literally")
    func parts() {
        let parameters = PostgresParameters(
            host: "db.example", user: "u%40", password: Secret("p%40"), database: "d%2F")
        #expect(
            parameters.values == ["host": "db.example", "port": "5432", "user": "u%40", "dbname": "d%2F"])
        #expect(parameters.password == Secret("p%40"))
        let ported = PostgresParameters(host: "db.example:6000", port: 5432, user: "u", password: nil)
        #expect(ported.values["host"] == "db.example" && ported.values["port"] == "6000")
        let address = PostgresParameters(host: "::1", user: "u", password: nil)
        #expect(address.values["host"] == "::1")
    }
}
