import Database
import Domain
import HTTP
import Hummingbird
import Storage

/// `/v1/annotation_configs`, and those of a project.
struct AnnotationConfigRoutes: Sendable {
    let repositories: Repositories

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/v1/annotation_configs") { request, _ in try await list(QueryParameters(request.uri)) }
        router.post("/v1/annotation_configs") { request, _ in try await create(request) }
        router.get("/v1/annotation_configs/:config") { _, context in
            show(try await config(context.parameters.decoded("config")))
        }
        router.put("/v1/annotation_configs/:config") { request, context in
            try await replace(context.parameters.decoded("config"), request)
        }
        router.delete("/v1/annotation_configs/:config") { _, context in
            try await delete(context.parameters.decoded("config"))
        }
        addOfProjects(to: router)
    }

    private func addOfProjects<Context: RequestContext>(to router: Router<Context>) {
        let path: RouterPath = "/v1/projects/:project/annotation_configs"
        router.get(path) { request, context in
            try await list(
                await repositories.project(context.parameters.decoded("project")), QueryParameters(request.uri))
        }
        router.put(path) { request, context in
            try await assignOnly(await repositories.project(context.parameters.decoded("project")), request)
        }
        router.put("/v1/projects/:project/annotation_configs/:config") { _, context in
            let project = try await repositories.project(context.parameters.decoded("project"))
            let config = try await config(context.parameters.decoded("config"))
            try await repositories.annotationConfigs.assign(config.id, toProject: project.id)
            return show(config)
        }
        router.delete("/v1/projects/:project/annotation_configs/:config") { _, context in
            let project = try await repositories.project(context.parameters.decoded("project"))
            let config = try await config(context.parameters.decoded("config"))
            try await repositories.annotationConfigs.unassign(config.id, fromProject: project.id)
            return Response(status: .noContent)
        }
    }

    // MARK: - All

    private func list(_ parameters: QueryParameters) async throws -> Response {
        let limit = try parameters.integer("limit", default: 100, in: 1...Int(Int32.max))
        let first = try parameters.text("cursor").map(Self.number(ofCursor:)) ?? 0
        return Self.page(try await repositories.annotationConfigs.page(from: first, limit: limit + 1), limit: limit)
    }

    private func create(_ request: Request) async throws -> Response {
        let config = try AnnotationConfig(try BodyFields(body: try await request.jsonBytes(max: 1 << 20)))
        do {
            return show(try await repositories.annotationConfigs.create(config))
        } catch DatabaseError.uniqueViolation {
            throw Self.nameIsTaken(config.name)
        }
    }

    private func replace(_ identifier: String, _ request: Request) async throws -> Response {
        let config = try AnnotationConfig(try BodyFields(body: try await request.jsonBytes(max: 1 << 20)))
        do {
            let id = try Self.number(of: identifier)
            guard let record = try await repositories.annotationConfigs.replace(id: id, with: config) else {
                throw Self.notFound
            }
            return show(record)
        } catch DatabaseError.uniqueViolation {
            throw Self.nameIsTaken(config.name)
        }
    }

    private func delete(_ identifier: String) async throws -> Response {
        let id = try Self.number(of: identifier)
        guard let record = try await repositories.annotationConfigs.remove(ids: [id]).first else { throw Self.notFound }
        return show(record)
    }

    // MARK: - A project's

    private func list(_ project: ProjectRecord, _ parameters: QueryParameters) async throws -> Response {
        let limit = try parameters.integer("limit", default: 100, in: 1...Int(Int32.max))
        let first = try parameters.text("cursor").map(Self.number(ofCursor:)) ?? 0
        let all = try await repositories.annotationConfigs.configs(ofProjects: [project.id])[project.id] ?? []
        return Self.page(Array(all.filter { $0.id >= first }.prefix(limit + 1)), limit: limit)
    }

    private func assignOnly(_ project: ProjectRecord, _ request: Request) async throws -> Response {
        let body = try BodyFields(body: try await request.jsonBytes(max: 1 << 20))
        let ids = Set(try body.texts("annotation_config_ids").map(Self.number(of:)))
        let found = try await repositories.annotationConfigs.configs(ids: Array(ids))
        guard found.count == ids.count else { throw Self.notFound }
        try await repositories.annotationConfigs.assignOnly(ids, toProject: project.id)
        return Self.page(found, limit: found.count)
    }

    // MARK: - Finding and showing

    /// By id or by name. Throws 404.
    private func config(_ identifier: String) async throws -> AnnotationConfigRecord {
        let configs = repositories.annotationConfigs
        if let id = GlobalID(encoded: identifier), AnnotationConfig.typeNames.contains(id.typeName),
            let config = try await configs.config(id: id.number)
        {
            return config
        }
        guard let config = try await configs.config(name: identifier) else { throw Self.notFound }
        return config
    }

    /// The row of a node id. Throws 422 for what is none of a config.
    static func number(of identifier: String) throws -> Int64 {
        guard let id = GlobalID(encoded: identifier), AnnotationConfig.typeNames.contains(id.typeName) else {
            throw APIError.invalid("Invalid annotation configuration ID: \(identifier)")
        }
        return id.number
    }

    private static func number(ofCursor cursor: String) throws -> Int64 {
        guard let id = GlobalID(encoded: cursor), AnnotationConfig.typeNames.contains(id.typeName) else {
            throw APIError.invalid("Invalid cursor format: \(cursor)")
        }
        return id.number
    }

    static let notFound = APIError.notFound("Annotation configuration not found")

    static func nameIsTaken(_ name: String) -> APIError {
        APIError(.conflict, "An annotation configuration with the name '\(name)' already exists")
    }

    private func show(_ config: AnnotationConfigRecord) -> Response {
        Response.json { json in
            json.object {
                $0.key("data")
                $0.annotationConfig(config)
            }
        }
    }

    private static func page(_ found: [AnnotationConfigRecord], limit: Int) -> Response {
        Response.json { json in
            json.object {
                $0.field("data", array: found.prefix(limit)) { $0.annotationConfig($1) }
                $0.field("next_cursor", found.count > limit ? found[limit].nodeID.description : nil)
            }
        }
    }
}
