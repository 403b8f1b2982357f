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

    @Test("Edited requests are answered without a crash")
    func mutations() async throws {
        let server = GraphQLServer(schema: try Kitchen.schema())
        let context = KitchenContext(table: try KitchenTable())
        let data = try Data(contentsOf: Fixtures.execution.appending(path: "answers.json"))
        let requests = try JSONDecoder().decode([Case].self, from: data).map { Array($0.request.utf8) }
        let pieces = [
            "box", "mustInner { id }", "things { __typename }", "null", "$v", "[", "{", "...", "@skip(if: $no)",
        ]
        var chance = SeededGenerator(seed: 20_211_029)
        var executed = 0
        for _ in 0..<2_000 {
            var body = requests.randomElement(using: &chance) ?? []
            let other = requests.randomElement(using: &chance) ?? []
            let from = Int.random(in: 0..<body.count, using: &chance)
            let to = Int.random(in: from...min(body.count, from + 12), using: &chance)
            let start = Int.random(in: 0..<other.count, using: &chance)
            let slice = Array(other[start..<min(other.count, start + 20)])
            let piece = Array((pieces.randomElement(using: &chance) ?? "").utf8)
            body.replaceSubrange(from..<to, with: Bool.random(using: &chance) ? slice : piece)
            guard let request = try? GraphQLRequest(jsonBody: body) else { continue }
            let response = await server.execute(request, context: context)
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(response.jsonBytes)) }
            if response.isExecuted { executed += 1 }
        }
        #expect(executed > 20)
    }
}
