import Foundation
import HTTPTypes
import HummingbirdTesting
import Storage
import TestSupport
import Testing

@testable import bennu_api

@Suite("Changing projects over GraphQL", .serialized)
struct ProjectMutationTests {
    private func ask(_ api: APIFixture, _ query: String) async throws -> String {
        let body = String(decoding: try JSONEncoder().encode(["query": query]), as: UTF8.self)
        return try await api.send(.post, "/graphql", body).text
    }

    private func id(_ api: APIFixture, _ name: String) async throws -> String {
        let project = try #require(try await ProjectRepository(database: api.database).project(name: name))
        return Data("Project:\(project.id)".utf8).base64EncodedString()
    }

    @Test("a project is made, changed and deleted, and the default one stays")
    func projects() async throws {
        try await withAPI { api in
            let made = try await ask(
                api,
                ##"mutation{createProject(input:{name:" ours ",description:"d",gradientStartColor:"#123456"}){project{name description gradientStartColor} query{__typename}}}"##
            )
            #expect(
                made
                    == ##"{"data":{"createProject":{"project":{"name":"ours","description":"d","gradientStartColor":"#123456"},"query":{"__typename":"Query"}}}}"##
            )
            let twice = try await ask(api, ##"mutation{createProject(input:{name:"ours"}){project{id}}}"##)
            #expect(twice.contains("Project with name 'ours' already exists"))
            let id = try await id(api, "ours")
            let patched = try await ask(
                api,
                ##"mutation{patchProject(input:{id:"\##(id)",gradientEndColor:"#654321"}){project{description gradientStartColor gradientEndColor}}}"##
            )
            #expect(
                patched
                    == ##"{"data":{"patchProject":{"project":{"description":"d","gradientStartColor":"#123456","gradientEndColor":"#654321"}}}}"##
            )
            for (input, description) in [
                ("gradientEndColor:null", #""d""#), (#"description:"e""#, #""e""#), (##"description:"""##, "null"),
                (##"description:"f",gradientEndColor:"""##, #""f""#), ("description:null", "null"),
            ] {
                let answer = try await ask(
                    api, #"mutation{patchProject(input:{id:"\#(id)",\#(input)}){project{description}}}"#)
                #expect(answer == #"{"data":{"patchProject":{"project":{"description":\#(description)}}}}"#, "\(input)")
            }
            for color in ["red", "#12345", "#1234567", "#abc", "#12345g", " #123456"] {
                let start = try await ask(
                    api, ##"mutation{createProject(input:{name:"x",gradientStartColor:"\##(color)"}){__typename}}"##)
                #expect(start.contains("The gradient's start colour must be a hex colour such as #5bdbff"), "\(color)")
                let end = try await ask(
                    api, ##"mutation{patchProject(input:{id:"\##(id)",gradientEndColor:"\##(color)"}){__typename}}"##)
                #expect(end.contains("The gradient's end colour must be a hex colour such as #5bdbff"), "\(color)")
            }
            let deleted = try await ask(
                api, ##"mutation{deleteProject(id:"\##(id)"){getProjectByName(name:"ours"){id}}}"##)
            #expect(deleted == ##"{"data":{"deleteProject":{"getProjectByName":null}}}"##)
            try await ProjectRepository(database: api.database).ensure("default")
            let first = try await self.id(api, "default")
            let refused = try await ask(api, ##"mutation{deleteProject(id:"\##(first)"){__typename}}"##)
            #expect(refused.contains("The default project cannot be deleted"))
        }
    }

    /// Of a project, by the last figures of their ids.
    private func traces(_ api: APIFixture, _ project: String) async throws -> [String: String] {
        let data = try await api.query(
            """
            query($name: String!) { getProjectByName(name: $name) { spans(first: 100) { edges { node { trace { id traceId } } } } } }
            """, ["name": project])
        let edges = try #require(data.at("getProjectByName", "spans", "edges") as? [[String: Any]])
        let pairs = edges.compactMap { edge in
            edge.text("node.trace.traceId").flatMap { id in
                edge.text("node.trace.id").map { (String(id.suffix(1)), $0) }
            }
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    @Test(
        "traces are moved to another project, deleted, and cleared away up to a time, with all that they summed up to")
    func traces() async throws {
        try await withAPI { api in
            try await api.store(Corpus.spans, project: "from")
            try await api.store([TestSpan(trace: 9, id: 9, start: Corpus.at(0), end: Corpus.at(1))], project: "to")
            let (from, to) = (try await id(api, "from"), try await id(api, "to"))
            let all = try await traces(api, "from")
            #expect(all.keys.sorted() == ["1", "2", "3"])
            let elsewhere = try #require(try await traces(api, "to")["9"])

            let move =
                "mutation($traces: [ID!]!, $project: ID!) { transferTracesToProject(traceIds: $traces, projectId: $project) { __typename } }"
            let first = try #require(all["1"])
            let mixed = try await api.errors(move, ["traces": [first, elsewhere], "project": to])
            #expect(mixed == ["All traces must belong to the same project"])
            let nowhere = Data("Project:999".utf8).base64EncodedString()
            let lost = try await api.errors(move, ["traces": [first], "project": nowhere])
            #expect(lost == ["Project not found"])
            let nothing = try await api.errors(move, ["traces": [String](), "project": to])
            #expect(nothing == ["Name at least one trace to move"])
            _ = try await api.query(move, ["traces": [first, first], "project": to])
            let (left, moved) = (try await traces(api, "from"), try await traces(api, "to"))
            #expect(left.keys.sorted() == ["2", "3"] && moved.keys.sorted() == ["1", "9"])

            let delete =
                "mutation($traces: [ID!]!) { deleteTraces(traceIds: $traces) { getProjectByName(name: \"from\") { traceCount recordCount } } }"
            let second = try #require(all["2"])
            let deleted = try await api.query(delete, ["traces": [second]]).json("deleteTraces", "getProjectByName")
            #expect(deleted == #"{"recordCount":1,"traceCount":1}"#)
            let none = try await api.errors(delete, ["traces": [String]()])
            #expect(none == ["Name at least one trace to delete"])
            let again = try await api.errors(delete, ["traces": [second]])
            #expect(again == ["Trace not found"])

            let clear =
                "mutation($id: ID!, $end: DateTime) { clearProject(input: {id: $id, endTime: $end}) { getProjectByName(name: \"from\") { traceCount } } }"
            let kept = try await api.query(clear, ["id": from, "end": "2026-01-05T01:00:00+00:00"])
            #expect(kept.at("clearProject", "getProjectByName", "traceCount") as? Int == 1)
            let cleared = try await api.query(clear, ["id": from])
            #expect(cleared.at("clearProject", "getProjectByName", "traceCount") as? Int == 0)
            let differences = try await RollupAudit.differences(in: api.database)
            #expect(differences == [])
        }
    }
}
