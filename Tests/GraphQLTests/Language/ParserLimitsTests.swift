import GraphQL
import Testing

@Suite("What the parser refuses and survives")
struct ParserLimitsTests {
    private func message(_ text: String, _ limits: ParseLimits = ParseLimits()) -> String? {
        do throws(GraphQLError) {
            _ = try Document(parsing: text, limits: limits)
            return nil
        } catch {
            return error.message
        }
    }

    @Test("A document with too many bytes is refused before it is read")
    func bytes() {
        #expect(message("{ a }", ParseLimits(maximumBytes: 5)) == nil)
        #expect(
            message("{ abc }", ParseLimits(maximumBytes: 5)) == "Document is too large: 7 bytes, 5 are allowed.")
    }

    @Test("A document with too many tokens is refused at the first one too many")
    func tokens() {
        #expect(message("{ a b }", ParseLimits(maximumTokens: 4)) == nil)
        #expect(
            message("{ a b c }", ParseLimits(maximumTokens: 4))
                == "Syntax Error: Document contains more than 4 tokens. Parsing aborted.")
    }

    @Test(
        "Nesting without end is refused, not followed",
        arguments: [
            ("{ a ", ""), ("{ a(b: [", ""), ("{ ... ", ""), ("query ($a: [", ""), ("{ a(b: {c: ", "[{d:"),
        ])
    func nesting(start: String, more: String) {
        let repeated = more.isEmpty ? String(start.suffix(start.hasPrefix("{ a ") ? 4 : 1)) : more
        let text = start + String(repeating: start.hasPrefix("{ ...") ? "{ ... " : repeated, count: 100_000)
        let limits = ParseLimits(maximumTokens: 1_000_000)
        #expect(message(text, limits)?.contains("nested more than 200 levels") == true)
    }

    @Test("Lines end at LF, CR and CR LF, and columns count characters")
    func positions() throws {
        let source = Source("a\nb\r\nc\r\u{1F600}é!")
        #expect(source.location(of: 0) == SourceLocation(line: 1, column: 1))
        #expect(source.location(of: 2) == SourceLocation(line: 2, column: 1))
        #expect(source.location(of: 5) == SourceLocation(line: 3, column: 1))
        #expect(source.location(of: 13) == SourceLocation(line: 4, column: 3))
    }

    @Test("Bytes that are no UTF-8 fail or parse, and never crash")
    func malformedBytes() {
        var chance = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &chance)).map { _ in
                UInt8.random(in: 0...255, using: &chance)
            }
            _ = try? Document(parsing: Source(bytes: Array("{ a(b: \"".utf8) + bytes))
            _ = try? Document(parsing: Source(bytes: bytes))
        }
    }
}

/// The same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
