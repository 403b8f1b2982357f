import Foundation
import GraphQL

/// The kitchen's objects by name.
struct KitchenTable: Sendable {
    let objects: InputValue

    init(json: [UInt8]) throws {
        // A request's variables are any JSON object.
        let body = Array(#"{"query":"","variables":"#.utf8) + json + [UInt8(ascii: "}")]
        objects = .object(try GraphQLRequest(jsonBody: body).variables)
    }

    init() throws {
        try self.init(json: Array(Data(contentsOf: Fixtures.execution.appending(path: "table.json"))))
    }

    func output(named name: String) -> OutputValue {
        objects.field(name).map { output($0) } ?? .null
    }

    func output(_ value: InputValue) -> OutputValue {
        switch value {
        case .null: .null
        case .boolean(let flag): .boolean(flag)
        case .int(let number): .int(Int(number))
        case .float(let number): .float(number)
        case .string(let text) where text.hasPrefix("!"):
            .failure(GraphQLError(message: String(text.dropFirst())))
        case .string(let text), .enumValue(let text): .string(text)
        case .list(let items): .list(items.map { output($0) })
        case .object(let fields):
            if case .string(let name)? = value.field("ref") { output(named: name) } else { object(value, fields) }
        }
    }

    private func object(_ value: InputValue, _ fields: [InputValue.ObjectField]) -> OutputValue {
        switch value.field("type") {
        case .string("Box"): Kitchen.box(value)
        case .string("Ball"): Kitchen.ball(value)
        case .string("Shelf"): Kitchen.shelf(value)
        case .string("Crate"): Kitchen.crate(value)
        default: .map(fields.map { OutputValue.Entry($0.name, output($0.value)) })
        }
    }
}

enum Fixtures {
    static let execution = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/Execution")

    static func text(_ name: String) throws -> String {
        try String(contentsOf: execution.appending(path: name), encoding: .utf8)
    }
}

extension InputValue {
    func field(_ name: String) -> InputValue? {
        guard case .object(let fields) = self else { return nil }
        return fields.value(named: name)
    }

    /// JSON with whole floats as whole numbers, as the reference's script writes it too.
    fileprivate var canonical: String {
        switch self {
        case .object(let fields): fields.canonical
        case .list(let items): "[" + items.map(\.canonical).joined(separator: ",") + "]"
        case .enumValue(let name): printedString(name)
        default: literal
        }
    }
}

extension [InputValue.ObjectField] {
    var canonical: String {
        "{" + map { "\(printedString($0.name)):\($0.value.canonical)" }.joined(separator: ",") + "}"
    }
}
