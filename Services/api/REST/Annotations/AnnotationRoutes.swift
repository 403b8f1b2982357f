import Access
import Domain
import HTTP
import Hummingbird
import Storage

/// `/v1/span_annotations` and the like, and `/v1/projects/{project}/span_annotations` and the like.
struct AnnotationRoutes: Sendable {
    private static let idsMax = 10_000

    let repositories: Repositories
    let bodyBytesMax: Int
    /// How long an annotation waits for its target.
    let patience: Duration

    func add<Context: AuthenticatedRequestContext>(to router: Router<Context>) {
        for form in AnnotationForm.all {
            router.post("/v1/\(form.path)") { request, context in try await create(form, request, context.principal) }
            guard form.subject != .document else { continue }
            let path = RouterPath("/v1/projects/:project/\(form.path)")
            router.get(path) { request, context in
                try await list(form, context.parameters.decoded("project"), QueryParameters(request.uri))
            }
            router.delete(path) { request, context in
                try await delete(
                    form, context.parameters.decoded("project"), QueryParameters(request.uri), context.principal)
            }
        }
    }

    // MARK: - Posting

    private func create(
        _ form: AnnotationForm, _ request: Request, _ principal: Principal?
    ) async throws -> Response {
        let isSync = try QueryParameters(request.uri).boolean("sync", default: false)
        let now = SystemClock.now()
        let submitted = try SubmittedAnnotation.all(
            inBody: try await request.jsonBytes(max: bodyBytesMax), form, userID: principal?.userID, now: now)
        let impossible = submitted.filter { $0.annotation == nil }.map(\.targetID)
        guard impossible.isEmpty else { throw form.notFound(impossible) }
        let annotations = submitted.compactMap(\.annotation)
        let repository = repositories.annotations(form.subject)
        guard isSync else {
            let patience = patience.components.seconds * Timestamp.nanosecondsPerSecond
            _ = try await repository.storeOrWait(annotations, expiresAt: now + patience)
            return Self.answer(ids: [], form)
        }
        do {
            return Self.answer(ids: try await repository.store(annotations), form)
        } catch let error as MissingTargets {
            throw form.notFound(error.keys.map(form.id))
        }
    }

    private static func answer(ids: [Int64], _ form: AnnotationForm) -> Response {
        Response.json { json in
            json.object {
                $0.field("data", array: ids) { json, id in
                    json.object { $0.field("id", GlobalID(form.typeName, id)) }
                }
            }
        }
    }

    // MARK: - A project's

    private func list(
        _ form: AnnotationForm, _ identifier: String, _ parameters: QueryParameters
    ) async throws -> Response {
        let project = try await repositories.project(identifier)
        let limit = try parameters.integer("limit", default: 10, in: 1...10_000)
        var query = AnnotationQuery(projectID: project.id, limit: limit + 1)
        query.keys = parameters.texts(form.idField + "s").map { $0.compactMap(form.key) }
        query.identifiers = parameters.texts("identifier")
        guard query.keys != nil || query.identifiers != nil else {
            throw APIError.invalid("at least one of \(form.idField)s and identifier must be given")
        }
        guard query.identifiers?.contains("") != true else { throw APIError.invalid("identifier must not be empty") }
        guard (query.keys?.count ?? 0) <= Self.idsMax else {
            throw APIError.invalid("\(form.idField)s must be at most \(Self.idsMax)")
        }
        query.names = parameters.texts("include_annotation_names")
        query.excludedNames = parameters.texts("exclude_annotation_names") ?? []
        query.from = try parameters.text("cursor").map { try GlobalID(cursor: $0, of: form.typeName).number }
        let repository = repositories.annotations(form.subject)
        let found = try await repository.page(query)
        if let keys = query.keys, found.isEmpty,
            try await !repository.hasTarget(amongKeys: keys, projectID: project.id)
        {
            throw APIError.notFound("None of the supplied \(form.idField)s exist in this project")
        }
        return Response.json { json in
            json.object {
                $0.field("data", array: found.prefix(limit)) { $0.annotation($1, form) }
                $0.field(
                    "next_cursor", found.count > limit ? GlobalID(form.typeName, found[limit].id).description : nil)
            }
        }
    }

    private func delete(
        _ form: AnnotationForm, _ identifier: String, _ parameters: QueryParameters, _ principal: Principal?
    ) async throws -> Response {
        var removal = AnnotationRemoval(projectID: 0)
        removal.name = try parameters.filledText("name")
        removal.identifier = try parameters.filledText("identifier")
        removal.annotatorKind = try parameters.choice(
            "annotator_kind", Dictionary(uniqueKeysWithValues: AnnotatorKind.allCases.map { ($0.rawValue, $0) }))
        removal.startTime = try parameters.time("start_time")
        removal.endTime = try parameters.time("end_time")
        if let start = removal.startTime, let end = removal.endTime, start >= end {
            throw APIError.invalid("start_time must be before end_time")
        }
        let isBounded = removal.startTime != nil && removal.endTime != nil
        guard try parameters.boolean("delete_all", default: false) || isBounded else {
            throw APIError.invalid("give both start_time and end_time, or delete_all=true")
        }
        removal.projectID = try await repositories.project(identifier).id
        // Others' annotations are an admin's to delete.
        if let principal, !principal.role.isAdmin { removal.userID = principal.userID ?? 0 }
        _ = try await repositories.annotations(form.subject).remove(removal)
        return Response(status: .noContent)
    }
}

extension QueryParameters {
    /// Text that is not empty. Throws 422 for text that is.
    func filledText(_ name: String) throws -> String? {
        guard let text = text(name) else { return nil }
        guard !text.isEmpty else { throw APIError.invalid("\(name) must not be empty") }
        return text
    }
}
