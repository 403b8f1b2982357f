import Database
import Domain
import GraphQL
import Messaging
import Storage

/// Changes of projects and of which traces are in them.
enum ProjectMutations {
    static let part = APISchema.Part(types: inputs + [payload, mutation])

    private static let inputs: [any TypeDeclaration] = [
        InputObjectType(
            "CreateProjectInput", description: "A new project.",
            fields: [.argument("name", .nonNull(.string)), .argument("description", .string)] + colors),
        InputObjectType(
            "PatchProjectInput", description: "What is to be different about a project; what is left out stays.",
            fields: [.argument("id", .nonNull(.id)), .argument("description", .string)] + colors),
        InputObjectType(
            "ClearProjectInput", description: "Which traces of a project are to go.",
            fields: [
                .argument("id", .nonNull(.id)),
                .argument(
                    "endTime", .named("DateTime"), description: "Those that began earlier; all where it is null."),
            ]),
    ]

    private static let colors: [SchemaInputValue] = [
        .argument("gradientStartColor", .string), .argument("gradientEndColor", .string),
    ]

    private struct Input: InputObjectDecodable {
        let fields: Arguments

        var gradient: (start: String?, end: String?) {
            get throws { (try color("gradientStartColor", "start"), try color("gradientEndColor", "end")) }
        }

        private func color(_ name: String, _ which: String) throws -> String? {
            guard let text = try fields.optionalString(name), !text.isEmpty else { return nil }
            guard text.wholeMatch(of: /#[0-9A-Fa-f]{6}/) != nil else {
                throw ExpectedError("The gradient's \(which) colour must be a hex colour such as #5bdbff")
            }
            return text
        }

        /// Nil where nothing is said of it. An empty one is none.
        var description: String?? {
            get throws {
                guard fields.contains("description") else { return nil }
                return .some(try fields.optionalString("description").flatMap { $0.isEmpty ? nil : $0 })
            }
        }
    }

    private static let payload: Object<ProjectNode> = ObjectType(
        "ProjectMutationPayload", description: "A project as it is now."
    ) { type in
        type.field("project", .nonNull(.named("Project")), description: "The project.") { ProjectTypes.project($0) }
        Roots.addQuery(to: &type)
    }

    private static let mutation = Roots.mutation.extended { type in
        type.asyncField(
            "createProject", .nonNull(.named("ProjectMutationPayload")), description: "Makes a project.",
            arguments: [.argument("input", .nonNull(.named("CreateProjectInput")))]
        ) { _, field in try await create(field) }
        type.asyncField(
            "patchProject", .nonNull(.named("ProjectMutationPayload")), description: "Changes a project.",
            arguments: [.argument("input", .nonNull(.named("PatchProjectInput")))]
        ) { _, field in try await patch(field) }
        type.asyncField(
            "deleteProject", .nonNull(.named("Query")), description: "Deletes a project with all that is in it.",
            arguments: [.argument("id", .nonNull(.id))]
        ) { _, field in try await delete(field) }
        type.asyncField(
            "clearProject", .nonNull(.named("Query")), description: "Deletes a project's traces.",
            arguments: [.argument("input", .nonNull(.named("ClearProjectInput")))]
        ) { _, field in try await clear(field) }
        addTraceMutations(to: &type)
    }

    private static func addTraceMutations(to type: inout RootType<GraphQLContext>.Fields) {
        let traceIDs = SchemaInputValue.argument("traceIds", .nonNull(.list(.nonNull(.id))))
        type.asyncField(
            "deleteTraces", .nonNull(.named("Query")), description: "Deletes traces with all their spans.",
            arguments: [traceIDs]
        ) { _, field in
            let ids = try await traces(field, to: "delete")
            _ = try await field.context.repositories.traces.remove(ids)
            return Roots.query(RootValue())
        }
        type.asyncField(
            "transferTracesToProject", .nonNull(.named("Query")), description: "Moves traces to another project.",
            arguments: [traceIDs, .argument("projectId", .nonNull(.id))]
        ) { _, field in try await transfer(field) }
    }

    // MARK: Projects

    private static func create(_ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        let name = try input.fields.string("name").trimmingWhitespace()
        guard !name.isEmpty else { throw ExpectedError("Name cannot be empty") }
        do {
            let project = try await field.context.repositories.projects.create(
                name: name, description: input.description ?? nil, gradient: input.gradient)
            return changed(project, .created, field)
        } catch DatabaseError.uniqueViolation {
            throw ExpectedError("Project with name '\(name)' already exists")
        }
    }

    private static func patch(_ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        let id = try input.fields.id("id", of: "Project")
        let (description, gradient) = (try input.description, try input.gradient)
        let projects = field.context.repositories.projects
        if case .some(nil) = description { _ = try await projects.update(id: id, description: nil) }
        let project = try await projects.patch(id: id, description: description ?? nil, gradient: gradient)
        guard let project else { throw ExpectedError("Project not found") }
        return changed(project, .updated, field)
    }

    private static func changed(
        _ project: ProjectRecord, _ change: ProjectChanged.Change, _ field: Field
    ) -> OutputValue {
        field.context.bus.publish(ProjectChanged(projectID: project.id, change: change))
        return payload(ProjectNode(record: project))
    }

    private static func delete(_ field: Field) async throws -> OutputValue {
        let project = try await project(field.arguments.id("id", of: "Project"), field)
        guard project.name != "default" else { throw ExpectedError("The default project cannot be deleted") }
        try await field.context.repositories.projects.remove(id: project.id)
        field.context.bus.publish(ProjectChanged(projectID: project.id, change: .deleted))
        return Roots.query(RootValue())
    }

    private static func clear(_ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        let project = try await project(input.fields.id("id", of: "Project"), field)
        try await field.context.repositories.projects.clear(
            id: project.id, before: input.fields.time("endTime") ?? .max)
        return Roots.query(RootValue())
    }

    private static func project(_ id: Int64, _ field: Field) async throws -> ProjectRecord {
        guard let project = try await field.context.repositories.projects.project(id: id) else {
            throw ExpectedError("Project not found")
        }
        return project
    }

    // MARK: Traces

    private static func traces(_ field: Field, to verb: String) async throws -> [TraceID] {
        var ids: [TraceID] = []
        let numbers = Set(try field.arguments.ids("traceIds", of: "Trace"))
        guard !numbers.isEmpty else { throw ExpectedError("Name at least one trace to \(verb)") }
        for number in numbers.sorted() {
            guard let trace = try await field.context.repositories.traces.trace(id: number) else {
                throw ExpectedError("Trace not found")
            }
            ids.append(trace.traceID)
        }
        return ids
    }

    private static func transfer(_ field: Field) async throws -> OutputValue {
        let project = try await project(field.arguments.id("projectId", of: "Project"), field)
        do {
            _ = try await field.context.repositories.traces.move(traces(field, to: "move"), toProject: project.id)
        } catch TraceTransfer.Refusal.missing {
            throw ExpectedError("Trace not found")
        } catch TraceTransfer.Refusal.manyProjects {
            throw ExpectedError("All traces must belong to the same project")
        } catch TraceTransfer.Refusal.noProject {
            throw ExpectedError("Project not found")
        }
        return Roots.query(RootValue())
    }
}
