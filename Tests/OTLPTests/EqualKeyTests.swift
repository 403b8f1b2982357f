import Domain
import OTLP
import Testing

@Suite("Attributes with equal keys")
struct EqualKeyTests {
    private static let members: TestValue = .map([
        ("a", 1), ("b", 2), ("a", 3), ("", "empty"), ("b", nil), ("", "last"), ("a.b", 4),
    ])

    @Test("of a span's, a map's, an event's and a link's the last one that has a value stays, and no other")
    func lastWins() throws {
        guard case .map(let members) = Self.members else { return }
        var span = TestSpan(["map": Self.members, "list": [Self.members], "same": 1])
        span.extra = {
            $0.attribute(9, "same", 2)
            $0.attribute(9, "same", nil)
            $0.message(11) { event in
                event.text(2, "exception")
                for (key, value) in members { event.attribute(3, key, value) }
                event.attribute(3, "exception.message", "why")
                event.attribute(3, "exception.message", "because")
            }
            $0.message(13) { link in for (key, value) in members { link.attribute(4, key, value) } }
        }
        let (batch, record) = try decode(span)
        let expected = #"{"a":3,"b":2,"":"last","a.b":4}"#
        #expect(batch.text(record.attributes) == #"{"map":\#(expected),"list":[\#(expected)],"same":2}"#)
        let event = try #require(batch.text(record.events))
        #expect(event.contains(#""attributes":\#(expected.dropLast()),"exception.message":"because"}"#))
        #expect(try #require(batch.text(record.otlp)).contains(#""attributes":\#(expected)"#))
    }

    @Test("of a resource's too, and one without a value takes none away")
    func resource() throws {
        let batch = try ExportTraceRequest.decode(
            protobuf: request([TestSpan()], resource: ["a": 1, "a": 2, "a": nil, "b": nil]))
        #expect(batch.text(batch.resources[0].json).hasPrefix(#"{"resource":{"a":2},"#))
    }

    @Test("each of many keys stays once", arguments: [2, 30, 31, 32, 33, 500, 5000])
    func many(_ count: Int) throws {
        let members: [(String, TestValue)] = (0..<count).flatMap { index in
            [("key \(index)", .integer(0)), ("key \((index * 7 + 1) % count)", .integer(Int64(index)))]
        }
        var expected: [String: TestValue] = [:]
        for (key, value) in members { expected[key] = value }
        let found = try json(decodedText(of: .map(members))) as? [String: [String: Int]]
        let numbers = expected.compactMapValues { if case .integer(let number) = $0 { Int(number) } else { nil } }
        #expect(found?["map"] == numbers)
    }

    @Test("keys that differ are never taken for equal, whatever their length")
    func distinct() throws {
        for length in 0...40 {
            let keys = (0...length).map {
                String(repeating: "k", count: $0) + String(repeating: "x", count: length - $0)
            }
            let members = keys.map { ($0, TestValue.text($0)) }
            let found = try json(decodedText(of: .map(members))) as? [String: [String: String]]
            #expect(found?["map"] == Dictionary(uniqueKeysWithValues: keys.map { ($0, $0) }), "length \(length)")
        }
    }

    @Test("maps in maps with equal keys take no longer than others")
    func nested() throws {
        var value: TestValue = 1
        for _ in 0..<60 { value = .map([("a", value), ("b", 1), ("b", 2)]) }
        // Each level written twice would be 2 to the power of 60.
        #expect(try decodedText(of: value).contains(#""b":2"#))
    }

    private func decodedText(of map: TestValue) throws -> String {
        let (batch, record) = try decode(TestSpan(["map": map]))
        return batch.text(record.attributes)
    }
}
