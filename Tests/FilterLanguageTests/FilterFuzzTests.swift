import Database
import FilterLanguage
import TestSupport
import Testing

@Suite struct FilterFuzzTests {
    private static let filterCount = 1500
    private static let garbageCount = 20_000

    @Test func randomFiltersFindTheSameSpansOnBothDatabases() async throws {
        let fixture = try FilterFixture.read()
        var maker = RandomFilter(SeededGenerator(seed: TestSeed.value))
        let filters = (0..<Self.filterCount).map { _ in maker.condition(depth: 3) }
        var answers: [SQLDialect: [[Int64]?]] = [:]
        try await withDatabases { database in
            try await fixture.store(in: database)
            for text in filters {
                guard let filter = try? SpanFilter(text) else {
                    answers[database.dialect, default: []].append(nil)
                    continue
                }
                do {
                    answers[database.dialect, default: []].append(try await database.spans(matching: filter))
                } catch {
                    Issue.record("\(text) on \(database.dialect): \(error)")
                    answers[database.dialect, default: []].append([])
                }
            }
        }
        let postgres = try #require(answers[.postgres])
        let sqlite = try #require(answers[.sqlite])
        for (filter, (left, right)) in zip(filters, zip(postgres, sqlite)) where left != right {
            Issue.record("\(filter): Postgres \(left ?? []), SQLite \(right ?? [])")
        }
        #expect(postgres.count { $0 != nil } > Self.filterCount / 2)
        #expect(postgres.count { $0?.isEmpty == false } > Self.filterCount / 10)
    }

    @Test func noTextCrashesTheParser() {
        var generator = SeededGenerator(seed: TestSeed.value)
        var maker = RandomFilter(generator)
        for _ in 0..<Self.garbageCount {
            var bytes = Array(maker.condition(depth: 2).utf8)
            for _ in 0..<Int.random(in: 0...6, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            do {
                _ = try SpanFilter(text)
            } catch {
                #expect((0...text.unicodeScalars.count).contains(error.position), "\(text)")
            }
        }
    }

    @Test(arguments: ["(", "not ", "-", "a[", "a.", "a + ", "[", "1 < ", "a == 1 and ", "any(", "f(", "'x' ", "((a,"])
    func deepTextIsRefusedAndNotSuffered(_ piece: String) {
        for count in [10, 50, 100, 1000, 5000, 100_000] {
            for ending in ["", "a == 1"] {
                #expect(throws: FilterError.self) {
                    _ = try SpanFilter(String(repeating: piece, count: count) + ending)
                    if count <= 100 { throw FilterError("shallow enough", position: 0) }
                }
            }
        }
    }

    /// SQLite's parser holds a hundred things at a time, Postgres' as many as its stack.
    @Test(arguments: [
        "a - (", "not (latency_ms > 1 or ", "(name == 'x' or status_code == 'OK' and ", "not (a == b and ",
        "(annotations['x'].score > 1 or name == 'y' and ",
    ])
    func theDeepestFilterThatIsTakenRuns(_ piece: String) async throws {
        let isArithmetic = piece.hasPrefix("a -")
        let (kernel, ending) = isArithmetic ? ("a", " > 1") : ("'x' in a.b and a == 1.5 and latency_ms % 7 == 1", "")
        let filters = (1...25).map { depth in
            String(repeating: piece, count: depth) + kernel + String(repeating: ")", count: depth) + ending
        }
        let deepest = try #require(filters.compactMap { try? SpanFilter($0) }.last)
        try await withDatabases { database in
            try await migrate(database)
            #expect(try await database.spans(matching: deepest) == [])
        }
    }
}

/// Makes filters, most of which are right.
private struct RandomFilter {
    private var generator: SeededGenerator

    init(_ generator: SeededGenerator) {
        self.generator = generator
    }

    private static let texts = [
        "'LLM'", "'llm'", "'chat'", "'refund'", "'PROGRAM'", "'gpt-4o'", "'12'", "'2'", "''", "'%'", "'_'", "'ünïcode'",
        "'Ünï'", "'ÜNÏ'", "'OK'", "'x'", "'ai'", "'a'", "'\\''", "'[a]*?'", "'correct'", "'0000000000000001'", "'1.5'",
    ]
    private static let numbers = ["0", "1", "2", "-1", "0.5", "1.5", "3", "10", "12", "100", "150", "900", "1e20", "7"]
    private static let columns = [
        "name", "span_kind", "status_code", "status_message", "span_id", "parent_id", "trace_id",
    ]
    private static let attributes = [
        "input.value", "output.value", "llm.model_name", "llm.token_count.total", "metadata['n']", "metadata['flag']",
        "metadata['topic']", "user.tier", "retry_count", "cost", "ok", "tags", "num", "big", "nul", "unicode",
        "nothing",
        "attributes['a.b']", "attributes['a']['c']", "retrieval.documents", "tags[0]", "tags[-1]", "tags['0']",
        "retrieval.documents[0].document.score", "attributes['quo\"te']", "attributes['ünï']['x']", "a.c", "llm",
        "numbers.list", "numbers.zero", "numbers.text", "numbers.tiny", "numbers.huge", "numbers.exponent",
        "numbers.plus", "numbers.blank",
    ]
    private static let numerics = [
        "latency_ms", "cumulative_llm_token_count_total", "cumulative_token_count.prompt",
        "annotations['correctness'].score",
        "trace_annotations['quality'].score", "annotations['hallucination'].score",
    ]
    private static let labels = [
        "annotations['correctness'].label", "annotations['quality check'].explanation", "evals['hallucination'].label",
    ]
    private static let orders = ["==", "!=", "<", "<=", ">", ">="]

    private mutating func pick(_ options: [String]) -> String { options.randomElement(using: &generator) ?? "" }

    private mutating func number(depth: Int) -> String {
        guard depth > 0, Int.random(in: 0..<3, using: &generator) == 0 else {
            return switch Int.random(in: 0..<4, using: &generator) {
            case 0: pick(Self.numbers)
            case 1: pick(Self.numerics)
            case 2: "float(\(pick(Self.attributes)))"
            default: pick(Self.attributes)
            }
        }
        return "(\(number(depth: depth - 1)) \(pick(["+", "-", "*", "/", "%"])) \(number(depth: depth - 1)))"
    }

    private mutating func list() -> String {
        let options = Bool.random(using: &generator) ? Self.texts : Self.numbers + ["True", "'x'", "None"]
        let elements = (0..<Int.random(in: 0...3, using: &generator)).map { _ in pick(options) }
        return "[\(elements.joined(separator: ", "))]"
    }

    private mutating func leaf() -> String {
        switch Int.random(in: 0..<14, using: &generator) {
        case 0: "\(pick(Self.columns)) \(pick(["==", "!="])) \(pick(Self.texts))"
        case 1: "\(pick(Self.attributes)) \(pick(Self.orders)) \(pick(Self.texts))"
        case 2: "\(pick(Self.attributes)) \(pick(Self.orders)) \(pick(Self.numbers))"
        case 3: "\(pick(Self.attributes)) \(pick(Self.orders)) \(pick(Self.attributes))"
        case 4: "\(number(depth: 2)) \(pick(Self.orders)) \(number(depth: 1))"
        case 5: "\(pick(Self.texts)) \(pick(["in", "not in"])) \(pick(Self.attributes + Self.columns + Self.labels))"
        case 6: "\(pick(Self.attributes + Self.columns)) \(pick(["in", "not in"])) \(list())"
        case 7: "\(pick(Self.attributes + Self.labels + Self.columns)) \(pick(["is None", "is not None"]))"
        case 8: "\(pick(Self.attributes)) \(pick(["== True", "!= True", "is False", "is not True"]))"
        case 9: "\(pick(Self.labels)) \(pick(["==", "!="])) \(pick(Self.texts))"
        case 10: pick(["annotations['correctness']", "evals['nothing']", "trace_annotations['quality']"])
        case 11: pick(["parent_span is None", "parent_span is not None", "start_time > '2026-07-01T12:00:05Z'"])
        case 12: "\(pick(Self.attributes)) in \(pick(Self.attributes + Self.columns))"
        default: "\(pick(Self.numbers)) < \(number(depth: 1)) <= \(pick(Self.numbers))"
        }
    }

    mutating func condition(depth: Int) -> String {
        guard depth > 0 else { return leaf() }
        return switch Int.random(in: 0..<5, using: &generator) {
        case 0: "(\(condition(depth: depth - 1)) and \(condition(depth: depth - 1)))"
        case 1: "(\(condition(depth: depth - 1)) or \(condition(depth: depth - 1)))"
        case 2: "not \(condition(depth: depth - 1))"
        default: leaf()
        }
    }
}
