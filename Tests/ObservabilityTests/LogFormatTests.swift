import Foundation
import Logging
import Testing

@testable import Observability

@Suite struct LogFormatTests {
    /// 2026-07-01T12:00:00.123456Z
    private static let time: Int64 = 1_782_907_200_123_456_789

    private func entry(_ message: String, _ metadata: [(String, Logger.Metadata.Value)] = []) -> LogEntry {
        LogEntry(
            time: Self.time, level: .info, service: "auth", message: message,
            metadata: metadata.map { (key: $0.0, value: $0.1) })
    }

    private func text(_ entry: LogEntry, showsService: Bool = true) -> String {
        String(decoding: LogFormat.text(showsService: showsService).line(entry), as: UTF8.self)
    }

    private func object(_ entry: LogEntry) throws -> [String: Any] {
        let line = LogFormat.structured.line(entry)
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1 && line.last == UInt8(ascii: "\n"))
        return try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }

    @Test func peopleReadTimeLevelServiceMessageAndValues() {
        #expect(
            text(entry("ready", [("http", "0.0.0.0:6007"), ("after", "20 ms")]))
                == "2026-07-01T12:00:00.123Z info     auth: ready http=0.0.0.0:6007 after=\"20 ms\"\n")
    }

    @Test func theServiceIsLeftOutWhereSomebodyElseWritesIt() {
        #expect(text(entry("ready"), showsService: false) == "2026-07-01T12:00:00.123Z info     ready\n")
    }

    @Test func aLineStaysOneLineAndHidesNothing() {
        let line = text(entry("a\nb\u{1B}[2K", [("k", "x\ny"), ("q", "say \"a=b\""), ("empty", "")]))
        #expect(line.hasSuffix("a\\nb\\u{1b}[2K k=\"x\\ny\" q=\"say \\\"a=b\\\"\" empty=\"\"\n"))
        #expect(line.count { $0 == "\n" } == 1)
    }

    @Test func programsReadOneObject() throws {
        let object = try object(entry("a \"b\"\n\u{1}é", [("n", .stringConvertible(7)), ("list", ["x", "y"])]))
        #expect(object["time"] as? String == "2026-07-01T12:00:00.123456Z")
        #expect(object["level"] as? String == "info")
        #expect(object["service"] as? String == "auth")
        #expect(object["message"] as? String == "a \"b\"\n\u{1}é")
        #expect(object["n"] as? String == "7")
        #expect(object["list"] as? [String] == ["x", "y"])
    }

    @Test func metadataCannotTakeThePlaceOfTheLinesOwnKeys() throws {
        let object = try object(entry("m", [("message", "other"), ("deep", ["a": ["b": "c"]])]))
        #expect(object["message"] as? String == "m")
        #expect(object["message_"] as? String == "other")
        #expect((object["deep"] as? [String: [String: String]]) == ["a": ["b": "c"]])
    }
}
