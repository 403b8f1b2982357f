import Domain
import Foundation
import Pricing
import TestSupport
import Testing

@testable import bennu_api

@Suite("Models over GraphQL", .serialized)
struct ModelGraphQLTests {
    private static let costs = """
        [{tokenType: "input", costPerMillionTokens: 2.5, kind: PROMPT},
        {tokenType: "output", costPerMillionTokens: 10, kind: COMPLETION}]
        """

    @Test("a model is added, changed and deleted, and listed before those that are built in")
    func life() async throws {
        try await withAPI { api in
            let fields =
                "id name provider providerKey namePattern kind startTime tokenPrices { tokenType kind costPerToken }"
            let made = try await api.query(
                """
                mutation { createModel(input: {name: " ours ", namePattern: "ours-.*", provider: "openai",
                    costs: \(Self.costs), startTime: "2026-01-05T00:00:00+00:00"}) { model { \(fields) } } }
                """)
            let id = try #require(made.text("createModel.model.id"))
            let expected = """
                {"id":"\(id)","kind":"CUSTOM","name":"ours","namePattern":"ours-.*","provider":"openai",\
                "providerKey":"OPENAI","startTime":"2026-01-05T00:00:00.000000+00:00","tokenPrices":[\
                {"costPerToken":2.5e-06,"kind":"PROMPT","tokenType":"input"},\
                {"costPerToken":1e-05,"kind":"COMPLETION","tokenType":"output"}]}
                """
            let answered = try made.json("createModel", "model")
            #expect(answered == expected)
            let node = try await api.query(
                "query($id: ID!) { node(id: $id) { ... on GenerativeModel { \(fields) } } }", ["id": id])
            let found = try node.json("node")
            #expect(found == expected)

            let list = try await api.query("{ generativeModels(first: 1000) { edges { node { id name kind } } } }")
            let listed = try #require(list.at("generativeModels", "edges") as? [[String: Any]])
            #expect(listed.count == ModelPrice.builtIn.count + 1)
            #expect(listed.first?.text("node.id") == id)
            #expect(Set(listed.compactMap { $0.text("node.id") }).count == listed.count)
            #expect(listed.last?.text("node.kind") == "BUILT_IN")

            let changed = try await api.query(
                """
                mutation($id: ID!) { updateModel(input: {id: $id, name: "renamed", namePattern: "ours", costs: \(Self.costs)})
                    { model { name provider startTime } } }
                """, ["id": id])
            let replaced = try changed.json("updateModel", "model")
            #expect(replaced == #"{"name":"renamed","provider":null,"startTime":null}"#)
            let gone = try await api.query(
                "mutation($id: ID!) { deleteModel(input: {id: $id}) { model { name } query { generativeModels(first: 1) { edges { node { kind } } } } } }",
                ["id": id])
            let left = try gone.json("deleteModel")
            #expect(
                left
                    == #"{"model":{"name":"renamed"},"query":{"generativeModels":{"edges":[{"node":{"kind":"BUILT_IN"}}]}}}"#
            )
        }
    }

    @Test("what cannot be a model is refused, with what is wrong")
    func refusals() async throws {
        try await withAPI { api in
            let input = #"{tokenType: "input", costPerMillionTokens: 1, kind: PROMPT}"#
            let output = #"{tokenType: "output", costPerMillionTokens: 1, kind: COMPLETION}"#
            let cases: [(String, String, String)] = [
                (" ", "a", "[\(input), \(output)]"), ("a", "(", "[\(input), \(output)]"), ("a", "a", "[\(input)]"),
                ("a", "a", "[\(input), \(input), \(output)]"),
                ("a", "a", "[\(input), \(output.replacing("1", with: "-1"))]"),
            ]
            let words = [
                "name cannot be empty", "Invalid regular expression", "COMPLETION are needed", "one price for each",
                "must not be negative",
            ]
            for ((name, pattern, costs), expected) in zip(cases, words) {
                let errors = try await api.errors(
                    "mutation { createModel(input: {name: \"\(name)\", namePattern: \"\(pattern)\", costs: \(costs)}) { model { id } } }"
                )
                #expect(errors.first?.contains(expected) == true, "\(errors) \(expected)")
            }
            let builtIn = try await api.query("{ generativeModels(first: 1) { edges { node { id } } } }")
            let id = try #require(builtIn.at("generativeModels", "edges", 0, "node", "id") as? String)
            let errors = try await api.errors(
                "mutation($id: ID!) { deleteModel(input: {id: $id}) { model { id } } }", ["id": id])
            #expect(errors == ["Built-in models cannot be changed"])
            let unknown = try await api.errors(
                "mutation($id: ID!) { deleteModel(input: {id: $id}) { model { id } } }",
                ["id": GlobalID("GenerativeModel", 99_999).description])
            #expect(unknown == ["Model not found"])
        }
    }

    @Test("a model tells what it was used for, by project and time, and a project which models it used most")
    func usage() async throws {
        try await withAPI(costing: Corpus.costing) { api in
            try await api.store(Corpus.spans, project: "used")
            let query = """
                query($start: DateTime!, $end: DateTime!) {
                  getProjectByName(name: "used") {
                    id
                    topModelsByCost(timeRange: {start: $start, end: $end}) { id costSummary { total { tokens cost } } }
                    topModelsByTokenCount(timeRange: {start: $start, end: $end}) { id }
                  }
                  generativeModels(first: 2) { edges { node {
                    id lastUsedAt costSummary { prompt { tokens cost } completion { tokens cost } }
                    costDetailSummaryEntries(timeRange: {start: $start, end: $end}) { tokenType isPrompt value { tokens } }
                  } } }
                }
                """
            // The only call of a model is in the second that begins here.
            let during = try await api.query(
                query, ["start": "2026-01-05T00:00:01+00:00", "end": "2026-01-05T00:00:02+00:00"])
            let model = GlobalID("GenerativeModel", 1).description
            let top = try during.json("getProjectByName", "topModelsByCost")
            #expect(top == #"[{"costSummary":{"total":{"cost":0.009,"tokens":42}},"id":"\#(model)"}]"#)
            let busiest = try during.json("getProjectByName", "topModelsByTokenCount")
            #expect(busiest == #"[{"id":"\#(model)"}]"#)
            let first = try during.json("generativeModels", "edges", 0, "node")
            #expect(
                first == #"""
                    {"costDetailSummaryEntries":[{"isPrompt":true,"tokenType":"input","value":{"tokens":30}},\#
                    {"isPrompt":false,"tokenType":"output","value":{"tokens":12}}],\#
                    "costSummary":{"completion":{"cost":0.006,"tokens":12},"prompt":{"cost":0.003,"tokens":30}},\#
                    "id":"\#(model)","lastUsedAt":"2026-01-05T00:00:01.000000+00:00"}
                    """#)
            let unused = try during.json("generativeModels", "edges", 1, "node", "lastUsedAt")
            #expect(unused == "null")
            let after = try await api.query(
                query, ["start": "2026-01-05T00:00:02+00:00", "end": "2026-01-06T00:00:00+00:00"])
            let none = try after.json("getProjectByName", "topModelsByCost")
            #expect(none == "[]")
        }
    }
}
