import Foundation
import HTTPTypes
import HummingbirdTesting
import Storage
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
            let deleted = try await ask(
                api, ##"mutation{deleteProject(id:"\##(id)"){getProjectByName(name:"ours"){id}}}"##)
            #expect(deleted == ##"{"data":{"deleteProject":{"getProjectByName":null}}}"##)
            try await ProjectRepository(database: api.database).ensure("default")
            let first = try await self.id(api, "default")
            let refused = try await ask(api, ##"mutation{deleteProject(id:"\##(first)"){__typename}}"##)
            #expect(refused.contains("The default project cannot be deleted"))
        }
    }
}
