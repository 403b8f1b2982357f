import GraphQL
import Testing

@Suite("Mutations and subscriptions")
struct OperationTests {
    private func server() throws -> GraphQLServer<KitchenContext> {
        GraphQLServer(schema: try Kitchen.schema())
    }

    private func context() throws -> KitchenContext {
        KitchenContext(table: try KitchenTable())
    }

    @Test("Root fields of a mutation run one after the other, also behind one that failed")
    func serial() async throws {
        let context = try context()
        let text =
            "mutation { a: push(value: 1) b: push(value: 9) query { box { inner { __typename } } } c: push(value: 2) }"
        let response = try await server().execute(GraphQLRequest(query: text), context: context)
        #expect(context.pushedValues == [1, 9, 2])
        #expect(String(decoding: response.jsonBytes, as: UTF8.self).contains(#""a":1,"b":2,"query":{"box":"#))
        let failing = try await server().execute(
            GraphQLRequest(query: "mutation { fail push(value: 3) }"), context: context)
        #expect(String(decoding: failing.jsonBytes, as: UTF8.self).hasSuffix(#""data":null}"#))
        #expect(context.pushedValues == [1, 9, 2, 3])
    }

    @Test("Each event of a subscription is executed as an answer, and an error of the source is the last one")
    func events() async throws {
        let text = "subscription ($to: Int!) { c: counted(to: $to) { id must } }"
        var answers: [String] = []
        let request = GraphQLRequest(query: text, variables: [.init("to", 6)])
        for await response in try await server().subscribe(request, context: context()) {
            answers.append(String(decoding: response.jsonBytes, as: UTF8.self))
        }
        #expect(answers.count == 7)
        #expect(answers[1].hasSuffix(#""path":["c","must"]}],"data":{"c":null}}"#))
        #expect(answers[6] == #"{"errors":[{"message":"too far","locations":[{"line":1,"column":28}],"path":["c"]}]}"#)
    }

    @Test("Each event of a subscription may have as many fields as an answer")
    func eventLimit() async throws {
        func answers(fieldsMax: Int) async throws -> [[String]] {
            let server = GraphQLServer(
                schema: try Kitchen.schema(), executionLimits: ExecutionLimits(answeredFieldsMax: fieldsMax))
            let request = GraphQLRequest(query: "subscription { counted(to: 3) { id } }")
            var answers: [[String]] = []
            for await response in try await server.subscribe(request, context: context()) {
                answers.append(response.errors.map(\.message))
            }
            return answers
        }
        #expect(try await answers(fieldsMax: 1) == [[], [], []])
        let refused = try await answers(fieldsMax: 0)
        #expect(refused.count == 3)
        #expect(refused.allSatisfy { $0.count == 1 && $0[0].hasPrefix("The answer has more than 0 fields.") })
    }

    @Test("A subscription that cannot begin is answered instead")
    func refusal() async throws {
        for (text, message) in [
            ("subscription { counted(to: 0) { id } }", "nothing to count"),
            ("{ box { id } }", "The operation is no subscription."),
            (
                "subscription { counted { id } }",
                "Field 'counted' argument 'to' of type 'Int!' is required, but it was not provided."
            ),
        ] {
            let (server, context) = (try server(), try context())
            do throws(SubscriptionRefusal) {
                _ = try await server.subscribe(GraphQLRequest(query: text), context: context)
                Issue.record("\(text) began")
            } catch {
                #expect(error.response.errors.map(\.message) == [message])
            }
        }
        let response = try await server().execute(
            GraphQLRequest(query: "subscription { counted(to: 1) { id } }"), context: try context())
        #expect(response.errors.count == 1)
    }
}
