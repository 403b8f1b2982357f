import Domain
import Testing

@testable import bennu

@Suite struct LineTests {
    private func lines(_ pieces: [String]) -> [String] {
        var splitter = LineSplitter()
        var lines = pieces.flatMap { splitter.append(Array($0.utf8)) }
        if let rest = splitter.finish() { lines.append(rest) }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func linesAreCutWhereverThePiecesAre() {
        let text = "one\ntwo\n\nthree"
        let expected = ["one", "two", "", "three"]
        #expect(lines([text]) == expected)
        #expect(lines(text.map { String($0) }) == expected)
        #expect(lines(["one", "\ntwo\n\nthr", "ee"]) == expected)
    }

    @Test func nothingIsLeftAfterAWholeLine() {
        #expect(lines(["one\n"]) == ["one"])
        #expect(lines([]) == [])
    }

    @Test func aLineWithoutEndIsPassedOnInPieces() {
        let pieces = lines([String(repeating: "x", count: LineSplitter.lineBytesMax * 2 + 5)])
        #expect(pieces.map(\.count) == [LineSplitter.lineBytesMax, LineSplitter.lineBytesMax, 5])
    }

    @Test func prefixesAreAligned() {
        let prefix = LogPrefix(style: .plain)
        #expect(prefix.text(.api) == "api       | ")
        #expect(prefix.text(.collector) == "collector | ")
        #expect(prefix.text(nil) == "bennu     | ")
        #expect(LogPrefix(style: .none).text(.api) == "")
    }

    @Test func coloursEndBeforeTheLineBegins() {
        let names = ServiceKind.allCases.map { LogPrefix(style: .colored).text($0) }
        #expect(names.allSatisfy { $0.hasPrefix("\u{1B}[") && $0.hasSuffix("|\u{1B}[0m ") })
        #expect(Set(names.map { $0.prefix(5) }).count == names.count)
    }

    @Test func statusLinesAreRead() {
        #expect(ReadinessProbe.statusCode(Array("HTTP/1.1 200 OK\r\nx".utf8)) == 200)
        #expect(ReadinessProbe.statusCode(Array("HTTP/1.1 503 Service".utf8)) == 503)
        #expect(ReadinessProbe.statusCode(Array("SSH-2.0-OpenSSH 200".utf8)) == nil)
        #expect(ReadinessProbe.statusCode(Array("".utf8)) == nil)
    }
}
