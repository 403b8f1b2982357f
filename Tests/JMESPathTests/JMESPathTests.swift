import Foundation
import JMESPath
import Testing

@Suite struct JMESPathTests {
    private static func fixture() throws -> JSONValue {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/expectations", withExtension: "json"))
        return try #require(JSONValue(parsing: try Data(contentsOf: url)))
    }

    @Test func everyCaseIsAnsweredAsTheReferenceImplementationAnswersIt() throws {
        let fixture = try Self.fixture()
        let data = try #require(fixture["data"])
        let cases = try #require(fixture["cases"]?.array)
        #expect(cases.count > 700)
        for each in cases {
            let expression = try #require(each["expression"]?.string)
            let outcome = Result { () throws(JMESPathError) in try JMESPath(expression).evaluate(data) }
            switch (outcome, each["error"]?.string) {
            case (.success(let result), nil):
                #expect(result == each["result"], "\(expression) gave \(result.text)")
            case (.failure(let error), let expected?):
                #expect(error.kind.rawValue == expected, "\(expression): \(error.message)")
            case (.success(let result), let expected?):
                Issue.record("\(expression) gave \(result.text) instead of \(expected)")
            case (.failure(let error), nil):
                Issue.record("\(expression): \(error.message)")
            }
        }
    }

    @Test func noTextMakesItCrash() throws {
        let words = [
            "a", "\"b\"", "'c'", "`1`", "`", "'", "\"", ".", "*", "[", "]", "[]", "[?", "(", ")", "{", "}", ":", ",",
            "@",
            "&", "&&", "|", "||", "!", "!=", "==", "<", ">", "=", "-", "1", "-9223372036854775808",
            "99999999999999999999",
            "sort(", "map(&", "length(", "é", "\\", " ", "#", "\u{0}",
        ]
        let data = JSONValue.object(["a": .array([.integer(1), .string("x"), .object(["b": .null])])])
        var generator = SeededGenerator(seed: 5)
        var compiled = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...12, using: &generator)
            let text = (0..<count).map { _ in words.randomElement(using: &generator) ?? "" }.joined()
            guard let expression = try? JMESPath(text) else { continue }
            compiled += 1
            _ = try? expression.evaluate(data)
        }
        #expect(compiled > 100)
    }

    @Test(arguments: [
        String(repeating: "(", count: 10_000), String(repeating: "!", count: 10_000),
        String(repeating: "[", count: 10_000), "a" + String(repeating: ".a", count: 10_000),
        "a" + String(repeating: "[0]", count: 10_000), String(repeating: "{a:", count: 10_000),
    ])
    func whatIsTooDeepOrTooLongDoesNotCompile(text: String) {
        #expect(throws: JMESPathError.self) { try JMESPath(text) }
    }

    @Test func slicesReachNoFurtherThanTheirArray() throws {
        let data = JSONValue.array([.integer(1), .integer(2), .integer(3)])
        let all = data
        let (large, small) = (Int.max, Int.min)
        #expect(try JMESPath("[\(small):\(large)]").evaluate(data) == all)
        #expect(try JMESPath("[::\(large)]").evaluate(data) == .array([.integer(1)]))
        #expect(try JMESPath("[::\(small)]").evaluate(data) == .array([.integer(3)]))
        #expect(try JMESPath("[\(small)]").evaluate(data) == .null)
    }

    @Test(arguments: ["foo(a)", "length(a, b)", "sort_by(a, b)", "[::0]"])
    func whatCanNeverWorkDoesNotCompile(text: String) {
        #expect(throws: JMESPathError.self) { try JMESPath(text) }
    }
}

@Suite struct JSONTextTests {
    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "nul", "\"\\x\"", "\"\u{1}\"", "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "[1] 2", "{\"a\":1,\"a\":2}", "1e999", "NaN", "'a'", String(repeating: "[", count: 100_000),
    ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(JSONValue(parsing: text.utf8) == nil)
    }

    @Test(arguments: [
        "null", "true", "-0.5", "12", "\"\\\"\\\\\\n\\u0001é😀\"", "[1,[2,{}],\"\"]", "{\"a\":{\"b\":[null]},\"c\":1.5}",
    ])
    func textComesBackAsItWas(text: String) throws {
        #expect(try #require(JSONValue(parsing: text.utf8)).text == text)
    }

    @Test func escapesAreCharacters() throws {
        #expect(JSONValue(parsing: #""\ud83d\ude00\u00e9\/""#.utf8) == .string("😀é/"))
        #expect(JSONValue(parsing: [UInt8(ascii: "\""), 0xFF, UInt8(ascii: "\"")]) == nil)
    }
}

struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    // SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
