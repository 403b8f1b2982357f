import Foundation
import GraphQL

/// Measures parsing, validating and executing the document of a trace's page. `run.py` compares with the reference.
///
///     graphql-benchmark sdl                        prints the schema
///     graphql-benchmark answer document spans      prints the answer
///     graphql-benchmark measure document spans     prints microseconds of the fastest of many rounds, as JSON
@main
enum GraphQLBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let schema = try TracePage.schema()
        guard arguments.count == 4, let spanCount = Int(arguments[3]) else { return print(schema.schema.sdl) }
        let text = try String(contentsOfFile: arguments[2], encoding: .utf8)
        let server = GraphQLServer(schema: schema, queryLimits: QueryLimits(maximumCost: .max))
        let request = GraphQLRequest(
            query: text,
            variables: [
                .init("project", "UHJvamVjdDox"), .init("trace", "f00d"), .init("first", .int(Int64(spanCount))),
                .init("withEvents", false),
            ])
        if arguments[1] == "answer" {
            let response = await server.execute(request, context: spanCount)
            return print(String(decoding: response.jsonBytes, as: UTF8.self))
        }
        let document = try Document(parsing: text)
        let response = await server.execute(request, context: spanCount)
        let figures = [
            "parse": try await fastest(2_000) { _ = try Document(parsing: text) },
            "validate": try await fastest(2_000) { _ = schema.validate(document) },
            "execute": try await fastest(200) { _ = await server.execute(request, context: spanCount) },
            "write": try await fastest(200) { _ = response.jsonBytes },
        ]
        let data = try JSONSerialization.data(withJSONObject: figures, options: [.sortedKeys])
        print(String(decoding: data, as: UTF8.self))
    }

    /// Microseconds of the fastest round: what else runs on the machine only adds to it.
    private static func fastest(_ rounds: Int, _ body: @Sendable () async throws -> Void) async throws -> Double {
        let clock = ContinuousClock()
        var best = Double.infinity
        for _ in 0..<rounds {
            let start = clock.now
            try await body()
            best = min(best, (clock.now - start) / .microseconds(1))
        }
        return best
    }
}
