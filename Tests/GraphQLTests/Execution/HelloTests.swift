import GraphQL
import Testing

@Suite("A schema in Swift")
struct HelloTests {
    @Test("The smallest schema answers")
    func hello() async throws {
        let query = RootType<Int>("Query") { type in
            type.field("hello", .nonNull(.string), arguments: [.argument("name", .string, default: "world")]) {
                _, field in "Hello, \(try field.argument("name", as: String.self)) \(field.context)"
            }
        }
        let schema = try ExecutableSchema(query: query)
        let response = await schema.execute(
            try Document(parsing: "{ hello again: hello(name: \"you\") __typename }"), context: 7)
        #expect(
            String(decoding: response.jsonBytes, as: UTF8.self)
                == #"{"data":{"hello":"Hello, world 7","again":"Hello, you 7","__typename":"Query"}}"#)
    }
}
