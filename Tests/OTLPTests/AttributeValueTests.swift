import Foundation
import OTLP
import Testing

@Suite struct AttributeValueTests {
    private func text(_ value: TestValue) throws -> String {
        let (batch, record) = try decode(TestSpan(["v": value]))
        return batch.text(record.attributes)
    }

    @Test(arguments: [
        (0, "0"), (7, "7"), (-1, "-1"), (10, "10"), (Int64.max, "9223372036854775807"),
        (Int64.min, "-9223372036854775808"),
        (1_000_000_000_000_000_000, "1000000000000000000"), (999_999_999_999_999_999, "999999999999999999"),
    ])
    func integersAreExact(_ value: Int64, _ expected: String) throws {
        #expect(try text(.integer(value)) == #"{"v":\#(expected)}"#)
    }

    @Test(arguments: [
        (1.0, "1.0"), (0.1, "0.1"), (-2.5, "-2.5"), (1e300, "1e+300"), (.leastNonzeroMagnitude, "5e-324"),
        (0.1 + 0.2, "0.30000000000000004"),
        (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
    ])
    func doublesPrintTheShortestNumberThatReadsBack(_ value: Double, _ expected: String) throws {
        #expect(try text(.double(value)) == #"{"v":\#(expected)}"#)
    }

    @Test func bytesBecomeBase64() throws {
        #expect(try text(.bytes([0, 255, 1, 2])) == #"{"v":"AP8BAg=="}"#)
    }

    @Test func booleansStayBooleans() throws {
        #expect(try attributes(["t": true, "f": false]) == json(#"{"t": true, "f": false}"#))
    }

    @Test func missingValuesAreLeftOutButKeepTheirPlaceInLists() throws {
        #expect(
            try attributes(["a": nil, "b": [1, nil, "x"], "c": ["d": nil, "e": 1]])
                == json(#"{"b": [1, null, "x"], "c": {"e": 1}}"#))
    }

    @Test func emptyListsAndMapsStay() throws {
        #expect(try text(.list([])) == #"{"v":[]}"#)
        #expect(try text(.map([])) == #"{"v":{}}"#)
        #expect(try text(.text("")) == #"{"v":""}"#)
    }

    @Test func whatJSONMustEscapeIsEscaped() throws {
        let text = (1..<0x20).map { String(UnicodeScalar(UInt8($0))) }.joined() + "\"\\/\u{7F}é漢🙂"
        #expect(try attributes(["v": .text(text)]) == ["v": text] as NSObject)
    }

    @Test(arguments: 0..<40) func escapingWorksAtEveryOffset(_ offset: Int) throws {
        for special in ["\"", "\\", "\n", "é", "\u{1}", "🙂"] {
            let text = String(repeating: "x", count: offset) + special + String(repeating: "y", count: 40 - offset)
            #expect(try attributes(["v": .text(text)]) == ["v": text] as NSObject)
        }
    }

    @Test func nulBecomesTheReplacementCharacter() throws {
        #expect(try attributes(["a\u{0}b": .text("\u{0}x\u{0}")]) == ["a\u{FFFD}b": "\u{FFFD}x\u{FFFD}"] as NSObject)
    }

    @Test(
        arguments: [
            ([0xFF], "\u{FFFD}"), ([0xC3], "\u{FFFD}"), ([0xC3, 0x28], "\u{FFFD}("),
            ([0xE2, 0x82], "\u{FFFD}\u{FFFD}"),
            ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"), ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xE0, 0x80, 0xAF], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF0, 0x9F, 0x99, 0x82, 0x80], "🙂\u{FFFD}"), ([0xEF, 0xBF, 0xBF], "\u{FFFF}"),
        ] as [([UInt8], String)])
    func bytesThatAreNoUTF8AreReplaced(_ bytes: [UInt8], _ expected: String) throws {
        #expect(try attributes(["v": .rawText(bytes)]) == ["v": expected] as NSObject)
        #expect(try attributes(["v": .rawText([0x61] + bytes + [0x62])]) == ["v": "a\(expected)b"] as NSObject)
    }

    @Test(arguments: [63, 64, 65, 1000]) func listsNestedBeyond64BecomeNull(_ depth: Int) throws {
        var value = TestValue.text("core").message
        for _ in 0..<depth { value = WireMessage { $0.message(5) { $0.message(1, value) } } }
        var span = TestSpan()
        span.extra = {
            $0.message(9) {
                $0.text(1, "v")
                $0.message(2, value)
            }
        }
        let (batch, record) = try decode(span)
        let text = batch.text(record.attributes)
        let core = depth <= 64 ? "\"core\"" : "null"
        let levels = min(depth, 64)
        let brackets = (String(repeating: "[", count: levels), String(repeating: "]", count: levels))
        #expect(text == "{\"v\":\(brackets.0)\(core)\(brackets.1)}")
    }

    @Test func theLastOfSeveralValuesInOneMessageWins() throws {
        var span = TestSpan()
        span.extra = {
            $0.message(9) {
                $0.message(2) {
                    $0.text(1, "first")
                    $0.number(3, 5)
                }
                $0.text(1, "v")
                $0.text(99, "unknown")
            }
        }
        let (batch, record) = try decode(span)
        #expect(batch.text(record.attributes) == #"{"v":5}"#)
    }

    @Test(arguments: [
        (#" { "a" : [ 1 , 2.5e3 , true , null ] , "b" : { } } "#, #"{"a":[1,2.5e3,true,null],"b":{}}"#),
        (#"[NaN, -Infinity, Infinity, 1e999]"#, "[null,null,null,null]"),
        (#""\u0000\ud800\ud83d\ude42\n""#, #""��\ud83d\ude42\n""#),
        (#""text""#, #""text""#), ("-0.5", "-0.5"), ("{}", "{}"),
    ])
    func textThatHoldsJSONIsStoredAsJSON(_ text: String, _ expected: String) throws {
        let (batch, record) = try decode(TestSpan(["metadata": .text(text)]))
        #expect(batch.text(record.attributes) == #"{"metadata":\#(expected)}"#)
    }

    @Test(arguments: [
        "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", "+1", "nul", "\"\u{1}\"", "\"\\x\"", "\"\\u12\"", "\"open",
        "1 2", "",
        "{a:1}", String(repeating: "[", count: 100_000),
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    ])
    func textThatHoldsNoJSONStaysText(_ text: String) throws {
        #expect(try attributes(["metadata": .text(text)]) == ["metadata": text] as NSObject)
    }

    @Test func keysThatEndInTheNamesOfJSONTextHoldJSON() throws {
        #expect(
            try attributes([
                "x.tool.parameters": "[1]", "llm.prompt_template.variables": "[2]", "my_metadata": "[3]",
                "parameters": "[4]",
            ])
                == json(
                    #"{"x": {"tool": {"parameters": [1]}}, "llm": {"prompt_template": {"variables": [2]}}, "my_metadata": [3], "parameters": "[4]"}"#
                ))
    }
}
