import Foundation
import Testing

@testable import Settings

@Suite struct ReportTests {
    @Test func everyValueSaysWhereItCameFrom() throws {
        let variables = ["PHOENIX_PORT": "7000", "PHOENIX_WORKING_DIR": "/data"]
        #expect(try entry("PHOENIX_PORT", variables)?.provenance == .environment)
        #expect(try entry("PHOENIX_GRPC_PORT", variables)?.provenance == .default)
        let url = try entry("PHOENIX_SQL_DATABASE_URL", variables)
        #expect(url?.value == "sqlite:////data/phoenix.db")
        #expect(url?.provenance == .derived(from: ["PHOENIX_WORKING_DIR"]))
        #expect(try entry("PHOENIX_ROOT_URL", variables)?.value == "http://localhost:7000")
    }

    @Test func peopleReadThreeColumns() throws {
        let text = SettingsReport.text(try settings(["PHOENIX_PORT": "7000", "PHOENIX_SECRET": goodSecret]).report)
        let port = text.split(separator: "\n").first { $0.hasPrefix("PHOENIX_PORT ") }
        #expect(port?.hasSuffix("  environment") == true)
        let secret = text.split(separator: "\n").first { $0.hasPrefix("PHOENIX_SECRET ") }
        #expect(secret?.contains("(secret)") == true)
        #expect(!text.contains("PHOENIX_SMTP_HOSTNAME"))
    }

    @Test func whatIsNotServedIsShownOnlyWhereItIsSet() throws {
        #expect(try !SettingsReport.text(settings().report).contains("PHOENIX_LOG_SQL"))
        #expect(try SettingsReport.text(settings(["PHOENIX_LOG_SQL": "true"]).report).contains("PHOENIX_LOG_SQL"))
    }

    @Test func programsReadJSON() throws {
        let json = try SettingsReport.json(try settings(["PHOENIX_PORT": "7000"]).report)
        let rows = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        let port = try #require(rows.first { $0["name"] as? String == "PHOENIX_PORT" })
        #expect(port["value"] as? String == "7000")
        #expect(port["source"] as? String == "environment")
        let webRoot = try #require(rows.first { $0["name"] as? String == "BENNU_WEB_ROOT" })
        #expect(webRoot["value"] is NSNull)
    }
}
