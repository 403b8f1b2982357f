import GraphQL
import Testing

@Suite("Documents that mean harm")
struct HostileDocumentTests {
    private static let schema = try? Schema(
        sdl: "type Query { a: Query, b: [Query!], items(first: Int): [Query], x: Int }")

    private func errors(_ text: String, _ limits: QueryLimits = QueryLimits()) throws -> [String] {
        let schema = try #require(Self.schema)
        return validate(try Document(parsing: text), schema: schema, limits: limits).map(\.message)
    }

    @Test("Edited documents of all kinds are parsed and validated without a crash, and what prints parses again")
    func mutations() throws {
        let schema = try Schema(sdl: ReferenceCase.library())
        let texts = try ReferenceCase.all().map { Array($0.text.utf8) }
        let pieces = ["{", "}", "(", ")", "[", "...", "\"\"\"", "\\u", "$", "@", "on", "fragment", "\u{1F600}"].map {
            Array($0.utf8)
        }
        var chance = SeededGenerator(seed: 20_211_027)
        for _ in 0..<3_000 {
            var bytes = texts.randomElement(using: &chance) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                let from = Int.random(in: 0...bytes.count, using: &chance)
                let to = Int.random(in: from...min(bytes.count, from + 8), using: &chance)
                let piece = pieces.randomElement(using: &chance) ?? []
                bytes.replaceSubrange(
                    from..<to, with: Bool.random(using: &chance) ? piece : [UInt8.random(in: 0...255, using: &chance)])
            }
            guard let document = try? Document(parsing: Source(bytes: bytes)) else { continue }
            _ = validate(document, schema: schema)
            #expect(throws: Never.self) { try Document(parsing: document.description) }
        }
    }

    @Test("Each limit has an error of its own")
    func limits() throws {
        #expect(
            try errors("{ a { a { x } } }", QueryLimits(maximumDepth: 2))
                == ["The operation is nested 3 fields deep, at most 2 are allowed."])
        #expect(
            try errors("query Q { y: x z: x }", QueryLimits(maximumAliases: 1))
                == ["Operation 'Q' has 2 aliases, at most 1 are allowed."])
        #expect(
            try errors("{ x ...F } fragment F on Query { y: x z: x }", QueryLimits(maximumBreadth: 2))
                == ["The operation selects 3 fields in one place, at most 2 are allowed."])
        #expect(
            try errors("{ a { x } }", QueryLimits(maximumFields: 1))
                == ["The operation selects 2 fields, at most 1 are allowed."])
        #expect(
            try errors("{ items(first: 100) { items(first: 50) { x } } }", QueryLimits(maximumCost: 5_000))
                == ["The operation has a cost of 5101, at most 5000 is allowed."])
        #expect(
            try errors("{ ...F } fragment F on Query { x }", QueryLimits(maximumFragments: 0))
                == ["Document has 1 fragments, at most 0 are allowed."])
    }

    @Test("Pages in pages are no harm as they stand, for most have few items")
    func pages() throws {
        let fields = (0..<80).map { "f\($0): x" }.joined(separator: " ")
        #expect(try errors("{ items(first: 1000) { x items(first: 1000) { \(fields) } } }").isEmpty)
        let absurd = (0..<5).reduce("x") { inner, _ in "items(first: 1000) { \(inner) }" }
        #expect(try errors("{ \(absurd) }").first?.hasPrefix("The operation has a cost of ") == true)
    }

    @Test("Fragments that double at each step are counted, not expanded")
    func doublingFragments() throws {
        let fragments = (0..<60).map { "fragment F\($0) on Query { l: a { ...F\($0 + 1) } r: a { ...F\($0 + 1) } }" }
        let text = "{ ...F0 } " + fragments.joined(separator: " ") + " fragment F60 on Query { x }"
        #expect(try errors(text).contains { $0.contains("selects") && $0.contains("fields") })
    }

    @Test("Doubling through introspection ends as well")
    func doublingIntrospection() throws {
        let fragments = (0..<60).map { "fragment F\($0) on __Type { ofType { ...F\($0 + 1) } ...F\($0 + 1) }" }
        let text =
            "{ __schema { queryType { ...F0 } } } " + fragments.joined(separator: " ")
            + " fragment F60 on __Type { name }"
        #expect(try errors(text).contains { $0.contains("fields deep") })
    }

    @Test("Fields that overlap very often are given up on")
    func overlappingFields() throws {
        let text = "{ " + String(repeating: "x ", count: 2_000) + "}"
        #expect(
            try errors(text) == ["Too many fields with the same response name to compare. Validation aborted."])
        let nested = (0..<40).reduce("x") { inner, _ in
            inner.utf8.count < 20_000 ? "a { \(inner) } a { \(inner) }" : inner
        }
        #expect(try !errors("{ \(nested) }").isEmpty || nested.utf8.count < 40_000)
    }

    @Test("Fragments that use themselves are reported and followed no further")
    func cycles() throws {
        let text =
            "{ ...A } fragment A on Query { a { ...B } a { ...A } } fragment B on Query { a { ...A ...B } b { ...A } }"
        #expect(try errors(text).contains("Cannot spread fragment 'A' within itself via 'B'."))
        let ring = (0..<100).map {
            "fragment F\($0) on Query { a { ...F\(($0 + 1) % 100) } a { ...F\(($0 + 7) % 100) } }"
        }
        #expect(try !errors("{ ...F0 } " + ring.joined(separator: " ")).isEmpty)
    }

    @Test("After a hundred errors validation stops")
    func manyErrors() throws {
        let found = try errors("{ " + (0..<500).map { "nope\($0)" }.joined(separator: " ") + " }")
        #expect(found.count == 101)
        #expect(found.last == "Too many validation errors, error limit reached. Validation aborted.")
    }
}
