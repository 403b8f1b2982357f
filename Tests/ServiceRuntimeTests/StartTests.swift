import Database
import Domain
import Foundation
import Settings
import Testing

@testable import ServiceRuntime

@Suite struct StartTests {
    private func settings(_ variables: [String: String]) throws -> Settings {
        try Settings(Environment(variables.merging(["HOME": "/home/ada"]) { $0 + $1 }))
    }

    @Test func partsOfPostgresBecomeItsParametersLiterally() throws {
        let location = try DatabaseLocation(
            settings([
                "PHOENIX_POSTGRES_HOST": "db:6000", "PHOENIX_POSTGRES_USER": "a%da",
                "PHOENIX_POSTGRES_PASSWORD": "p@ss/w?",
                "PHOENIX_SQL_DATABASE_SCHEMA": "traces",
            ]).database)
        guard case .postgres(let parameters) = location else {
            Issue.record("not Postgres")
            return
        }
        #expect(parameters.values["host"] == "db")
        #expect(parameters.values["port"] == "6000")
        #expect(parameters.values["user"] == "a%da")
        #expect(parameters.password?.revealed == "p@ss/w?")
        #expect(parameters.schema == "traces")
    }

    @Test func theSchemaGoesWithAURLToo() throws {
        let location = try DatabaseLocation(
            settings(["PHOENIX_SQL_DATABASE_URL": "postgresql://u@h/d", "PHOENIX_SQL_DATABASE_SCHEMA": "traces"])
                .database)
        guard case .postgres(let parameters) = location else {
            Issue.record("not Postgres")
            return
        }
        #expect(parameters.schema == "traces")
    }

    @Test func aURLThatCannotBeUsedIsExplainedWithoutItsPassword() throws {
        let database = try settings(["PHOENIX_SQL_DATABASE_URL": "postgresql://u:canary7@h/d?bogus=canary7"]).database
        let failure = #expect(throws: StartFailure.self) { try DatabaseLocation(database) }
        #expect(failure?.code == .configuration)
        #expect(failure?.line.contains("PHOENIX_SQL_DATABASE_URL") == true)
        #expect(failure?.line.contains("bogus") == true)
        #expect(failure?.line.contains("canary7") == false)
    }

    @Test func aFileWithoutAFolderIsNotWaitedFor() throws {
        let location = try DatabaseLocation(url: "sqlite:////nonexistent/folder/x.db")
        let failure = #expect(throws: StartFailure.self) { try location.checkFolder() }
        #expect(failure?.code == .configuration)
        try DatabaseLocation(url: "sqlite:///:memory:").checkFolder()
        try DatabaseLocation(url: "sqlite:////tmp/x.db").checkFolder()
    }

    @Test func theWorkingFolderIsMadeForThisUserAlone() throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: base) }
        let folder = base.appendingPathComponent("deep/er").path
        try WorkingDirectory.prepare(folder)
        try WorkingDirectory.prepare(folder)
        #expect(try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int == 0o700)
        let file = base.appendingPathComponent("file").path
        try Data().write(to: URL(fileURLWithPath: file))
        let failure = #expect(throws: StartFailure.self) { try WorkingDirectory.prepare(file) }
        #expect(failure?.line.contains("PHOENIX_WORKING_DIR") == true)
    }

    @Test func aPortInUseIsNamedWithItsVariable() {
        let failure = StartFailure.listening(host: "::1", port: 6006, variable: "PHOENIX_PORT", code: EADDRINUSE)
        #expect(failure.line.contains("port 6006 is in use (on [::1])"))
        #expect(failure.line.contains("PHOENIX_PORT"))
        #expect(failure.code == .unavailable)
        #expect(StartFailure.listening(host: "h", port: 80, variable: "V", code: EACCES).line.contains("1024"))
    }

    @Test func everyErrorIsOneLineWithACode() {
        let bad = SettingsError(problems: [
            SettingsProblem(variable: "A", shownValue: "1", problem: "is bad", remedy: "set it to 2")
        ])
        #expect(StartFailure(bad) == StartFailure("A=\"1\" is bad; set it to 2", .configuration))
        #expect(StartFailure(StartFailure("x", .usage)) == StartFailure("x", .usage))
        #expect(StartFailure(CancellationError()).code == .failure)
    }

    @Test func onlyWhatARestartDoesNotCureIsPermanent() {
        let all: [ExitReason] = [.success, .failure, .usage, .newerSchema, .unavailable, .configuration]
        #expect(all.filter(\.isPermanent) == [.usage, .newerSchema, .configuration])
    }
}
