import Database
import Domain
import HTTP
import Hummingbird
import Messaging
import Storage

/// `/v1/projects`.
struct ProjectRoutes: Sendable {
    let repositories: Repositories
    let bus: MessageBus

    private struct CreateBody: Decodable {
        var name: String
        var description: String?
    }

    private struct UpdateBody: Decodable {
        var description: String?
    }

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/v1/projects") { request, _ in try await list(QueryParameters(request.uri)) }
        router.post("/v1/projects") { request, _ in try await create(try await request.json(CreateBody.self)) }
        router.get("/v1/projects/:project") { _, context in
            try await show(repositories.project(context.parameters.decoded("project")))
        }
        router.put("/v1/projects/:project") { request, context in
            try await update(context.parameters.decoded("project"), try await request.json(UpdateBody.self))
        }
        router.delete("/v1/projects/:project") { _, context in
            try await delete(context.parameters.decoded("project"))
        }
        router.patch("/v1/projects/:project/retention") { request, context in
            try await follow(
                repositories.project(context.parameters.decoded("project")),
                BodyFields(body: try await request.jsonBytes(max: 1 << 20)))
        }
    }

    private func list(_ query: QueryParameters) async throws -> Response {
        let limit = try query.integer("limit", default: 100, in: 1...Int(Int32.max))
        let first = try query.text("cursor").map { try GlobalID(cursor: $0, of: "Project").number } ?? 0
        let found = try await repositories.projects.page(
            from: first, limit: limit + 1, nameContains: query.text("name_contains"))
        return Response.json { json in
            json.object {
                $0.field("data", array: found.prefix(limit)) { $0.project($1) }
                $0.field("next_cursor", found.count > limit ? GlobalID("Project", found[limit].id).description : nil)
            }
        }
    }

    private func create(_ body: CreateBody) async throws -> Response {
        let name = body.name.trimmingWhitespace()
        guard !name.isEmpty else { throw APIError.invalid("name must not be empty") }
        do {
            let project = try await repositories.projects.create(name: name, description: body.description)
            bus.publish(ProjectChanged(projectID: project.id, change: .created))
            return show(project)
        } catch DatabaseError.uniqueViolation {
            throw APIError(.conflict, "Project with name '\(name)' already exists")
        }
    }

    private func update(_ identifier: String, _ body: UpdateBody) async throws -> Response {
        let project = try await repositories.project(identifier)
        // Nothing said of it leaves it as it is.
        guard let description = body.description else { return show(project) }
        guard let updated = try await repositories.projects.update(id: project.id, description: description) else {
            throw APIError.projectNotFound(identifier)
        }
        bus.publish(ProjectChanged(projectID: project.id, change: .updated))
        return show(updated)
    }

    private func delete(_ identifier: String) async throws -> Response {
        let project = try await repositories.project(identifier)
        guard project.name != "default" else { throw APIError(.forbidden, "The default project cannot be deleted") }
        try await repositories.projects.remove(id: project.id)
        bus.publish(ProjectChanged(projectID: project.id, change: .deleted))
        return Response(status: .noContent)
    }

    /// Lets a project follow a policy that there is; null is the default one.
    private func follow(_ project: ProjectRecord, _ body: BodyFields) async throws -> Response {
        guard body.has("policy_id") else { throw body.missing("policy_id") }
        let identifier = try body.optionalText("policy_id")
        let id = try identifier.map(Self.policyID) ?? RetentionPolicy.defaultID
        guard try await repositories.retention.policy(id: id) != nil else { throw Self.noPolicy(identifier) }
        do {
            try await repositories.retention.assign(id, toProject: project.id)
        } catch DatabaseError.foreignKeyViolation {
            throw Self.noPolicy(identifier)
        }
        return Response.json { json in
            json.object {
                $0.field("data") {
                    $0.field("project_id", GlobalID("Project", project.id))
                    let own = id == RetentionPolicy.defaultID ? nil : id
                    $0.field("policy_id", own.map { GlobalID("ProjectTraceRetentionPolicy", $0).description })
                }
            }
        }
    }

    private static func policyID(_ identifier: String) throws -> Int64 {
        guard let id = GlobalID(encoded: identifier), id.typeName == "ProjectTraceRetentionPolicy" else {
            throw APIError.invalid("Invalid retention policy ID: \(identifier)")
        }
        return id.number
    }

    private static func noPolicy(_ identifier: String?) -> APIError {
        .notFound("Retention policy with ID \(identifier ?? "null") not found")
    }

    private func show(_ project: ProjectRecord) -> Response {
        Response.json { json in
            json.object {
                $0.key("data")
                $0.project(project)
            }
        }
    }
}

extension Repositories {
    /// The project of an identifier: a node id or a name. Throws 404.
    func project(_ identifier: String) async throws -> ProjectRecord {
        if let id = GlobalID(encoded: identifier), id.typeName == "Project",
            let project = try await projects.project(id: id.number)
        {
            return project
        }
        guard let project = try await projects.project(name: identifier) else {
            throw APIError.projectNotFound(identifier)
        }
        return project
    }
}

extension APIError {
    static func projectNotFound(_ identifier: String) -> APIError {
        .notFound("Project with identifier \(identifier) not found")
    }
}

extension GlobalID {
    /// A cursor that is a node id. Throws 422 for another.
    init(cursor: String, of typeName: String) throws {
        guard let id = GlobalID(encoded: cursor), id.typeName == typeName else {
            throw APIError.invalid("Invalid cursor format: \(cursor)")
        }
        self = id
    }
}

extension JSONWriter {
    fileprivate mutating func project(_ project: ProjectRecord) {
        object {
            $0.field("id", GlobalID("Project", project.id))
            $0.field("name", project.name)
            $0.field("description", project.description)
        }
    }

}
