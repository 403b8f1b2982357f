import Foundation
import OTLP
import Testing

@Suite struct AttributeTreeTests {
    @Test func namesBesideAListStandUnderDottedKeys() throws {
        #expect(
            try attributes(["a.0.b": 1, "a.c": 2, "a.d.e": 3])
                == json(#"{"a": [{"b": 1}], "a.c": 2, "a.d": {"e": 3}}"#))
    }

    @Test func anotherPositionStaysInTheListWhereOneNumberIsAKey() throws {
        #expect(try attributes(["a.0": 1, "a.1.b": 2]) == json(#"{"a": [{"b": 2}], "a.0": 1}"#))
    }

    @Test func positionsBelowPositionsAreKeys() throws {
        #expect(try attributes(["a.0.1.b": 1]) == json(#"{"a": [{"1": {"b": 1}}]}"#))
    }

    @Test func numbersAreTheSamePositionWithLeadingZeros() throws {
        #expect(try attributes(["a.0.b": 1, "a.00.c": 2]) == json(#"{"a": [{"b": 1, "c": 2}]}"#))
    }

    @Test func positionsSortByNumberHoweverLong() throws {
        #expect(
            try attributes(["a.99999999999999999999.b": 3, "a.9.b": 1, "a.10.b": 2])
                == json(#"{"a": [{"b": 1}, {"b": 2}, {"b": 3}]}"#))
    }

    @Test func ofEqualKeysTheLastValueStays() throws {
        #expect(try attributes(["a.b": 1, "c": 2, " a .b": 3]) == json(#"{"a": {"b": 3}, "c": 2}"#))
    }

    @Test func keysThatDifferInOneByteAreKeptApart() throws {
        #expect(
            try attributes(["a.b": 1, "a-b": 2, "a.bc": 3, "ab": 4, "a.b.": 5])
                == json(#"{"a": {"b": 5, "bc": 3}, "a-b": 2, "ab": 4}"#))
    }

    @Test func keysAreEscaped() throws {
        #expect(try attributes(["a\"b.c\\d\n": 1]) == json(#"{"a\"b": {"c\\d": 1}}"#))
        #expect(try attributes(["a\"": 1, "a\".\\": 2]) == json(#"{"a\"": 1, "a\".\\": 2}"#))
    }

    @Test func aKeyWithoutPiecesIsTheEmptyKey() throws {
        #expect(try attributes(["": 1, "a": 2]) == json(#"{"": 1, "a": 2}"#))
    }

    @Test func aThousandChildrenAreFoundAgain() throws {
        var span = TestSpan()
        for round in 0..<2 {
            for index in 0..<1000 {
                span.attributes.append(("wide.key\(index).value\(round)", .integer(Int64(index))))
            }
        }
        let (batch, record) = try decode(span)
        let tree = try json(batch.text(record.attributes)) as? [String: [String: [String: Int]]]
        let wide = tree?["wide"]
        #expect(wide?.count == 1000)
        #expect(wide?["key999"] == ["value0": 999, "value1": 999])
    }

    @Test func aKeyOfAThousandPiecesNestsNoDeeperThan64() throws {
        let key = Array(repeating: "k", count: 1000).joined(separator: ".")
        let (batch, record) = try decode(TestSpan([key: 1]))
        let text = batch.text(record.attributes)
        #expect(text.filter { $0 == "{" }.count == 64)
        #expect(try json(text) != json("{}"))
    }

    @Test func keysThatEachContinueTheOneBeforeNestNoDeeperEither() throws {
        var span = TestSpan()
        var key = "k"
        for _ in 0..<300 {
            key += ".k"
            span.attributes.append((key, 1))
        }
        span.attributes.removeFirst(250)
        let (batch, record) = try decode(span)
        let text = batch.text(record.attributes)
        #expect(text.filter { $0 == "{" }.count == 64)
    }

    @Test func randomKeysBecomeTheTreeOfAPlainRecount() throws {
        var generator = SeededGenerator("random keys")
        let pieces = ["a", "b", "cc", "0", "1", "10", "00", " a ", "", "é", "long_piece_name"]
        for _ in 0..<300 {
            var span = TestSpan()
            for index in 0..<Int.random(in: 1...80, using: &generator) {
                let length = Int.random(in: 1...5, using: &generator)
                let key = (0..<length).map { _ in pieces.randomElement(using: &generator) ?? "a" }
                span.attributes.append((key.joined(separator: "."), .integer(Int64(index))))
            }
            let (batch, record) = try decode(span)
            var expected = PlainTree()
            for (key, value) in span.attributes { expected.insert(key, value) }
            #expect(
                try json(batch.text(record.attributes)) == expected.object as NSObject, "SEED=\(generator.seed)")
        }
    }
}

/// The same rules without any care for speed.
private struct PlainTree {
    private var value: Int64?
    private var children: [(name: String, node: PlainTree)] = []

    private var isPosition: Bool { value == nil }

    mutating func insert(_ key: String, _ value: TestValue) {
        guard case .integer(let number) = value else { return }
        let pieces = key.split(separator: ".").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        insert(pieces.isEmpty ? [""] : pieces[...], number)
    }

    private mutating func insert(_ pieces: ArraySlice<String>, _ number: Int64) {
        guard let first = pieces.first else {
            value = number
            return
        }
        let index = children.firstIndex {
            $0.name == first || (UInt64($0.name) != nil && UInt64($0.name) == UInt64(first))
        }
        if let index {
            children[index].node.insert(pieces.dropFirst(), number)
        } else {
            var node = PlainTree()
            node.insert(pieces.dropFirst(), number)
            children.append((first, node))
        }
    }

    var object: [String: NSObject] {
        var object: [String: NSObject] = [:]
        for child in children { child.node.write(child.name, to: &object) }
        return object
    }

    private func write(_ key: String, to object: inout [String: NSObject]) {
        let positions = children.filter { UInt64($0.name) != nil && $0.node.isPosition }
        var beside = children
        if let value {
            object[key] = NSNumber(value: value)
        } else if !positions.isEmpty {
            let sorted = positions.sorted { (UInt64($0.name) ?? 0) < (UInt64($1.name) ?? 0) }
            object[key] = sorted.map { $0.node.object } as NSObject
            beside = children.filter { UInt64($0.name) == nil || !$0.node.isPosition }
        } else {
            object[key] = self.object as NSObject
            return
        }
        for child in beside { child.node.write("\(key).\(child.name)", to: &object) }
    }
}
