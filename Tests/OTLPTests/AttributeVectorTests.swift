import Domain
import Foundation
import Testing

@testable import OTLP

/// What spans' attributes become: inputs and results in `Fixtures/attributes.json`.
@Suite struct AttributeVectorTests {
    struct Vector: CustomTestStringConvertible, Sendable {
        let name: String
        let attributes: [(String, TestValue)]
        let spanKind: String
        let expected: String

        var testDescription: String { name }
    }

    static let vectors: [Vector] = {
        guard let url = Bundle.module.url(forResource: "attributes", withExtension: "json", subdirectory: "Fixtures"),
            let text = try? String(contentsOf: url, encoding: .utf8), case .list(let list)? = JSONValue(parsing: text)
        else { return [] }
        return list.compactMap { Vector($0) }
    }()

    @Test func everyVectorIsRead() {
        #expect(Self.vectors.count == 42)
    }

    @Test(arguments: vectors) func attributesBecomeTheirTree(_ vector: Vector) throws {
        var span = TestSpan()
        span.attributes = vector.attributes
        let (batch, record) = try decode(span)
        #expect(record.kind.rawValue == vector.spanKind)
        #expect(try json(batch.text(record.attributes)) == json(vector.expected))
    }

    @Test(arguments: vectors) func theOrderOfKeysDoesNotMatter(_ vector: Vector) throws {
        var span = TestSpan()
        span.attributes = vector.attributes.reversed()
        let (batch, record) = try decode(span)
        #expect(record.kind.rawValue == vector.spanKind)
        #expect(try json(batch.text(record.attributes)) == json(vector.expected))
    }
}

extension AttributeVectorTests.Vector {
    init?(_ value: JSONValue) {
        guard let name = value["name"]?.text, case .object(let attributes)? = value["attributes"],
            let kind = value["expect"]?["span_kind"]?.text, let expected = value["expect"]?["attributes"]
        else { return nil }
        self.init(
            name: name, attributes: attributes.map { ($0.key, TestValue($0.value)) }, spanKind: kind,
            expected: expected.json)
    }
}

extension TestValue {
    init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .number(let text): self = Int64(text).map { .integer($0) } ?? .double(Double(text) ?? .nan)
        case .text(let text): self = .text(text)
        case .list(let list): self = .list(list.map { TestValue($0) })
        case .object(let members): self = .map(members.map { ($0.key, TestValue($0.value)) })
        }
    }
}
