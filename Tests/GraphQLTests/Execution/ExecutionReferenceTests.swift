import Foundation
import GraphQL
import Testing

@Suite("Execution as the reference does it")
struct ExecutionReferenceTests {
    private struct Case: Decodable {
        var request: String
        var answer: String
    }

    @Test("Data, errors, paths and places are those of the reference, in its order")
    func answers() async throws {
        let server = GraphQLServer(schema: try Kitchen.schema())
        let context = KitchenContext(table: try KitchenTable())
        let data = try Data(contentsOf: Fixtures.execution.appending(path: "answers.json"))
        let cases = try JSONDecoder().decode([Case].self, from: data)
        var different = 0
        for item in cases {
            let response = await server.execute(
                try GraphQLRequest(jsonBody: Array(item.request.utf8)), context: context)
            let answer = String(decoding: response.jsonBytes, as: UTF8.self)
            guard answer != item.answer else { continue }
            different += 1
            if different <= 10 {
                Issue.record("\(item.request)\nours:      \(answer)\nreference: \(item.answer)")
            }
        }
        #expect(different == 0, "of \(cases.count)")
        #expect(cases.count > 800)
    }
}
