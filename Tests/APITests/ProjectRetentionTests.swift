import Access
import Domain
import HTTPTypes
import Storage
import TestSupport
import Testing

@testable import bennu_api

@Suite(.serialized) struct ProjectRetentionTests {
    private func store(_ api: APIFixture) async throws -> (project: Int64, policy: RetentionPolicy) {
        let data = try await api.object(.post, "/v1/projects", #"{"name":"shop"}"#)["data"] as? [String: Any]
        let id = try #require(data?.text("id").flatMap(GlobalID.init(encoded:)))
        let policies = RetentionPolicyRepository(database: api.database)
        let policy = try await policies.create(
            name: "a week", cronExpression: "0 0 * * 0", rule: RetentionRule(maxDays: 7), now: 5)
        return (id.number, policy)
    }

    private func follow(_ api: APIFixture, _ policy: String) async throws -> [String: Any] {
        let answer = try await api.object(.patch, "/v1/projects/shop/retention", "{\"policy_id\":\(policy)}")
        return try #require(answer["data"] as? [String: Any])
    }

    @Test func `A project follows a policy that there is, and by null the default one again`() async throws {
        try await withAPI { api in
            let (project, policy) = try await store(api)
            let policies = RetentionPolicyRepository(database: api.database)
            let node = GlobalID("ProjectTraceRetentionPolicy", policy.id)
            for (sent, answered, followed) in [
                ("\"\(node)\"", "\(node)", policy.id), ("null", nil, RetentionPolicy.defaultID),
                ("\"\(node)\"", "\(node)", policy.id),
                ("\"\(GlobalID("ProjectTraceRetentionPolicy", 0))\"", nil, RetentionPolicy.defaultID),
            ] as [(String, String?, Int64)] {
                let data = try await follow(api, sent)
                #expect(data.text("project_id") == "\(GlobalID("Project", project))")
                #expect(data.text("policy_id") == answered, "\(sent)")
                #expect(try await policies.policies(ofProjects: [project])[project]?.id == followed, "\(sent)")
            }
            // It is the project that changed, not the policy.
            #expect(try await policies.policy(id: policy.id) == policy)
        }
    }

    @Test func `What is no policy is refused and leaves the project with its own`() async throws {
        try await withAPI { api in
            let (project, policy) = try await store(api)
            let policies = RetentionPolicyRepository(database: api.database)
            _ = try await follow(api, "\"\(GlobalID("ProjectTraceRetentionPolicy", policy.id))\"")
            for (body, status) in [
                (#"{"policy_id":"\#(GlobalID("ProjectTraceRetentionPolicy", 99))"}"#, 404),
                (#"{"policy_id":"\#(GlobalID("Project", project))"}"#, 422), (#"{"policy_id":"x"}"#, 422),
                (#"{"policy_id":1}"#, 422), ("{}", 422), ("", 422),
            ] {
                let response = try await api.send(.patch, "/v1/projects/shop/retention", body)
                #expect(response.status.code == status, "\(body): \(response.text)")
            }
            #expect(
                try await api.send(.patch, "/v1/projects/none/retention", #"{"policy_id":null}"#).status == .notFound)
            #expect(try await policies.policies(ofProjects: [project])[project]?.id == policy.id)
        }
    }

    @Test func `Policies are an admin's, and the traces of a range of time a member's`() {
        let retention = RESTPermissions.rule(method: "PATCH", path: "/v1/projects/:project/retention")
        let traces = RESTPermissions.rule(method: "DELETE", path: "/v1/projects/:project/traces")
        #expect(retention == .admin && traces == .write)
    }
}
