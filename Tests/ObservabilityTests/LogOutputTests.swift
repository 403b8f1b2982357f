import Foundation
import Logging
import Testing

@testable import Observability

@Suite struct LogOutputTests {
    /// A pipe and what can be read from it at once.
    private struct TestPipe {
        let reading: Int32
        let writing: Int32

        init() {
            var ends: [Int32] = [-1, -1]
            precondition(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
            _ = fcntl(reading, F_SETFL, O_NONBLOCK)
        }

        func readAll() -> String {
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            var text: [UInt8] = []
            while case let count = read(reading, &bytes, bytes.count), count > 0 { text += bytes.prefix(count) }
            return String(decoding: text, as: UTF8.self)
        }

        func closeBoth() {
            close(reading)
            close(writing)
        }
    }

    @Test func linesArriveWhole() {
        let pipe = TestPipe()
        defer { pipe.closeBoth() }
        let output = LogOutput(descriptor: pipe.writing)
        output.write("one\n")
        output.write(String(repeating: "x", count: 10_000) + "\n")
        #expect(pipe.readAll() == "one\n" + String(repeating: "x", count: 10_000) + "\n")
        #expect(output.droppedCount == 0)
    }

    @Test func aReaderThatStandsStillCostsLinesAndNotTheCaller() {
        let pipe = TestPipe()
        defer { pipe.closeBoth() }
        let output = LogOutput(descriptor: pipe.writing, patienceMilliseconds: 1)
        let line = String(repeating: "x", count: 999) + "\n"
        // More than any pipe holds by default: this would hang if a write could block.
        for _ in 0..<2_000 { output.write(line) }
        #expect(output.droppedCount > 1_000)
        _ = pipe.readAll()
        let droppedBefore = output.droppedCount
        output.write("back\n")
        #expect(pipe.readAll().hasSuffix("back\n"))
        #expect(output.droppedCount == droppedBefore)
    }

    @Test func aReaderThatIsGoneIsNotAnError() {
        signal(SIGPIPE, SIG_IGN)
        let pipe = TestPipe()
        close(pipe.reading)
        let output = LogOutput(descriptor: pipe.writing, patienceMilliseconds: 1)
        output.write("nobody\n")
        #expect(output.droppedCount == 1)
        close(pipe.writing)
    }

    @Test func aLoggerWritesItsOwnAndTheCallsMetadataFromItsLevelUp() {
        let pipe = TestPipe()
        defer { pipe.closeBoth() }
        let handler = LineLogHandler(
            service: "api", format: .text(showsService: true), level: .notice, linePrefix: "api | ",
            output: LogOutput(descriptor: pipe.writing))
        var logger = Logger(label: "test") { _ in handler }
        logger[metadataKey: "own"] = "1"
        logger[metadataKey: "both"] = "1"
        logger.info("unheard")
        logger.warning("heard", metadata: ["both": "2"])
        let text = pipe.readAll()
        #expect(!text.contains("unheard"))
        #expect(text.hasPrefix("api | "))
        #expect(text.hasSuffix(" warning  api: heard both=2 own=1\n"))
    }
}
