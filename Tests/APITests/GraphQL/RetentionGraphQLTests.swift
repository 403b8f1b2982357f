import Foundation
import HummingbirdTesting
import Storage
import Testing

@testable import bennu_api

@Suite("Retention over GraphQL", .serialized)
struct RetentionGraphQLTests {
    private func ask(_ api: APIFixture, _ query: String) async throws -> String {
        let body = String(decoding: try JSONEncoder().encode(["query": query]), as: UTF8.self)
        return try await api.send(.post, "/graphql", body).text
    }

    @Test("a policy is made for projects, changed and deleted, and they follow the default one again")
    func life() async throws {
        try await withAPI { api in
            let projects = ProjectRepository(database: api.database)
            try await projects.ensure("ours")
            let number = try #require(try await projects.project(name: "ours")).id
            let project = Data("Project:\(number)".utf8).base64EncodedString()
            let rule =
                "rule{__typename ... on TraceRetentionRuleMaxDaysOrCount{maxDays maxCount} ... on TraceRetentionRuleMaxDays{maxDays}}"
            let made = try await ask(
                api,
                #"mutation{createProjectTraceRetentionPolicy(input:{name:"short",cronExpression:"0 3 * * *",rule:{maxDaysOrCount:{maxDays:1.5,maxCount:10}},addProjects:["\#(project)"]}){node{id name cronExpression \#(rule) projects{edges{node{name}}}}}}"#
            )
            let policy = try #require(made.firstMatch(of: /"id":"([^"]+)"/)?.output.1)
            #expect(
                made
                    == #"{"data":{"createProjectTraceRetentionPolicy":{"node":{"id":"\#(policy)","name":"short","cronExpression":"0 3 * * *","rule":{"__typename":"TraceRetentionRuleMaxDaysOrCount","maxDays":1.5,"maxCount":10},"projects":{"edges":[{"node":{"name":"ours"}}]}}}}}"#
            )
            let follows = #"{getProjectByName(name:"ours"){traceRetentionPolicy{name}}}"#
            let before = try await ask(api, follows)
            #expect(before == #"{"data":{"getProjectByName":{"traceRetentionPolicy":{"name":"short"}}}}"#)
            let changed = try await ask(
                api,
                #"mutation{patchProjectTraceRetentionPolicy(input:{id:"\#(policy)",rule:{maxDays:{maxDays:7}}}){node{name \#(rule)}}}"#
            )
            #expect(changed.contains(#""name":"short","rule":{"__typename":"TraceRetentionRuleMaxDays","maxDays":7"#))
            let gone = try await ask(
                api, #"mutation{deleteProjectTraceRetentionPolicy(input:{id:"\#(policy)"}){node{name}}}"#)
            #expect(gone == #"{"data":{"deleteProjectTraceRetentionPolicy":{"node":{"name":"short"}}}}"#)
            let after = try await ask(api, follows)
            #expect(after == #"{"data":{"getProjectByName":{"traceRetentionPolicy":{"name":"Default"}}}}"#)
        }
    }

    @Test("what cannot be is refused, with what is wrong")
    func refusals() async throws {
        try await withAPI { api in
            for (input, words) in [
                (#"name:"x",cronExpression:"every day",rule:{maxDays:{maxDays:1}}"#, "five fields"),
                (
                    #"name:"x",cronExpression:"0 3 * * *",rule:{}"#,
                    "OneOf Input Object 'ProjectTraceRetentionRuleInput' must specify exactly one key."
                ),
                (#"name:" ",cronExpression:"0 3 * * *",rule:{maxCount:{maxCount:1}}"#, "Name cannot be empty"),
                (#"name:"x",cronExpression:"0 3 * * *",rule:{maxCount:{maxCount:-1}}"#, "must not be negative"),
                (#"name:"Default",cronExpression:"0 3 * * *",rule:{maxCount:{maxCount:1}}"#, "exists already"),
            ] {
                let answer = try await ask(
                    api, "mutation{createProjectTraceRetentionPolicy(input:{\(input)}){node{id}}}")
                #expect(answer.contains(words), "\(input)")
            }
        }
    }
}
