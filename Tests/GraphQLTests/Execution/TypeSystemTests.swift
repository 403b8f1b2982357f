import Foundation
import GraphQL
import Testing

@Suite("Schemas in Swift as SDL and introspection")
struct TypeSystemTests {
    @Test("The printed schema is the text that the reference's expectations were made with")
    func sdl() throws {
        let printed = try Kitchen.schema().schema.sdl
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try printed.write(
                to: Fixtures.execution.appending(path: "kitchen.graphql"), atomically: true, encoding: .utf8)
        }
        #expect(try printed == Fixtures.text("kitchen.graphql"))
    }

    @Test("What is printed reads back as a schema that prints the same")
    func roundTrip() throws {
        let printed = try Kitchen.schema().schema.sdl
        #expect(try Schema(sdl: printed).sdl == printed)
    }

    @Test("Introspection says what the reference says of the printed schema")
    func introspection() async throws {
        let data = try Data(contentsOf: Fixtures.execution.appending(path: "introspection.json"))
        let expected = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let query = try #require(expected["query"] as? String)
        let server = GraphQLServer(schema: try Kitchen.schema())
        let context = KitchenContext(table: try KitchenTable())
        let response = await server.execute(GraphQLRequest(query: query), context: context)
        #expect(response.errors.isEmpty)
        let answer = try JSONSerialization.jsonObject(with: Data(response.jsonBytes)) as? [String: Any]
        let ours = try normalized(answer?["data"])
        let reference = try normalized(expected["data"])
        #expect(ours.count == reference.count)
        for (name, text) in reference { #expect(ours[name] == text, "\(name)") }
    }

    /// What is declared, by name, as text with sorted keys; without what every schema has, whose descriptions differ.
    private func normalized(_ data: Any?) throws -> [String: String] {
        let schema = try #require((data as? [String: Any])?["__schema"] as? [String: Any])
        let specified = [
            "String", "Int", "Float", "Boolean", "ID", "skip", "include", "deprecated", "specifiedBy", "oneOf",
        ]
        var texts: [String: String] = [:]
        for key in ["types", "directives"] {
            for item in try #require(schema[key] as? [[String: Any]]) {
                let name = try #require(item["name"] as? String)
                if name.hasPrefix("__") || specified.contains(name) { continue }
                texts["\(key) \(name)"] = try text(item)
            }
        }
        texts["schema"] = try text(schema.filter { $0.key != "types" && $0.key != "directives" })
        return texts
    }

    private func text(_ object: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]), as: UTF8.self)
    }

    @Test("A schema with mistakes is refused with all of them, by name")
    func mistakes() {
        let broken = ObjectType<Int, Int>("Broken", implements: ["Node", "Nobody"]) { type in
            type.field("a", .named("Missing")) { _ in OutputValue.null }
            type.field("b", .named("Input"), arguments: [.argument("x", .named("Broken"))]) { _ in OutputValue.null }
            type.field("c", .int, arguments: [.argument("n", .int, default: "one")]) { $0 }
            type.field("c", .int) { $0 }
        }
        let other = ObjectType<Int, String>("Other") { type in type.field("id", .int) { $0 } }
        let query = RootType<Int>("Query") { _ in }
        let wrong = ObjectType<String, Int>("Broken") { _ in }.extended { _ in }
        let nowhere = ObjectType<Int, Int>("Nowhere") { _ in }.extended { _ in }
        let node = InterfaceType("Node", fields: [.field("id", .nonNull(.id))])
        let input = InputObjectType("Input", fields: [.argument("self", .nonNull(.named("Input")))])
        let union = UnionType("Either", members: ["Broken", "Node"])
        do throws(SchemaError) {
            _ = try ExecutableSchema(query: query, types: [broken, other, node, input, union, node, wrong, nowhere])
            Issue.record("the schema was taken")
        } catch {
            let expected = [
                "The type Node is declared more than once.",
                "Other is declared for the context String, the schema's is Int.",
                "Broken is extended with another Swift type for its values.",
                "Nowhere is extended, but the schema has no such object type.", "Query has no fields.",
                "Broken has 'c' more than once.",
                "Broken.a has the type Missing, but the schema has no type Missing.",
                "Broken.b cannot have the input type Input.", "Broken.b(x) cannot have the output type Broken.",
                "The default of Broken.c(n) is wrong: Int cannot represent non-integer value: 'one'",
                "Broken implements Node but has no field id.",
                "Broken implements Nobody, but the schema has no interface Nobody.",
                "Either has the member Node, but the schema has no object type Node.",
                "The input object Input requires itself.",
            ]
            #expect(error.problems == expected)
        }
    }
}
