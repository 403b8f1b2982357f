import Database
import Domain
import GraphQL
import Storage

/// Annotation configs are made, changed, deleted, and offered in projects. What REST refuses is refused here.
enum AnnotationConfigMutations {
    static let part = APISchema.Part(
        types: inputs + configInputs + [created, updated, deleted, added, removed, mutation])

    // MARK: Inputs

    private static let configInputs: [any TypeDeclaration] = [
        InputObjectType(
            "CategoricalAnnotationConfigValueInput", description: "A label to choose.",
            fields: [.argument("label", .nonNull(.string)), .argument("score", .float, default: .null)]),
        InputObjectType(
            "CategoricalAnnotationConfigInput", description: "Annotations that are one of some labels.",
            fields: named + [
                .argument("optimizationDirection", .nonNull(.named("OptimizationDirection"))),
                .argument("values", .listOf(.named("CategoricalAnnotationConfigValueInput"))),
            ]),
        InputObjectType(
            "ContinuousAnnotationConfigInput", description: "Annotations that are a score.",
            fields: named + [.argument("optimizationDirection", .nonNull(.named("OptimizationDirection")))] + bounds),
        InputObjectType(
            "FreeformAnnotationConfigInput", description: "Annotations that are any text.",
            fields: named + [
                .argument("optimizationDirection", .named("OptimizationDirection"), default: .null),
                .argument("threshold", .float, default: .null),
            ] + bounds),
        InputObjectType(
            "AnnotationConfigInput", description: "A config: one of these.", isOneOf: true,
            fields: [
                .argument("categorical", .named("CategoricalAnnotationConfigInput")),
                .argument("continuous", .named("ContinuousAnnotationConfigInput")),
                .argument("freeform", .named("FreeformAnnotationConfigInput")),
            ]),
    ]

    private static let named: [SchemaInputValue] = [
        .argument("name", .nonNull(.string)), .argument("description", .string, default: .null),
    ]
    private static let bounds: [SchemaInputValue] = [
        .argument("lowerBound", .float, default: .null), .argument("upperBound", .float, default: .null),
    ]

    private static let inputs: [any TypeDeclaration] = [
        InputObjectType(
            "CreateAnnotationConfigInput", description: "A new config.",
            fields: [.argument("annotationConfig", .nonNull(.named("AnnotationConfigInput")))]),
        InputObjectType(
            "UpdateAnnotationConfigInput", description: "What takes a config's place.",
            fields: [
                .argument("id", .nonNull(.id)),
                .argument("annotationConfig", .nonNull(.named("AnnotationConfigInput"))),
            ]),
        InputObjectType(
            "DeleteAnnotationConfigsInput", description: "Which are to go.",
            fields: [.argument("ids", .nonNull(.list(.nonNull(.id))))]),
        assignment("AddAnnotationConfigToProjectInput", "A config that people are to be offered in a project."),
        assignment("RemoveAnnotationConfigFromProjectInput", "A config that people are not to be offered any more."),
    ]

    private static func assignment(_ name: String, _ description: String) -> InputObjectType {
        InputObjectType(
            name, description: description,
            fields: [.argument("projectId", .nonNull(.id)), .argument("annotationConfigId", .nonNull(.id))])
    }

    private struct Input: InputObjectDecodable {
        let fields: Arguments

        func config() throws -> AnnotationConfig {
            let given: Input = try fields.value("annotationConfig")
            return try AnnotationConfig(graphQL: given.fields)
        }

        /// A project's and a config's rows.
        func assignment() throws -> AnnotationConfigAssignment {
            AnnotationConfigAssignment(
                configID: try AnnotationConfigRoutes.number(of: fields.string("annotationConfigId")),
                projectID: try fields.id("projectId", of: "Project"))
        }
    }

    // MARK: Payloads

    private static let created = payload("CreateAnnotationConfigPayload", "The config that was made.")
    private static let updated = payload("UpdateAnnotationConfigPayload", "The config as it is now.")

    private static func payload(_ name: String, _ description: String) -> Object<AnnotationConfigRecord> {
        ObjectType(name, description: description) { type in
            type.field("annotationConfig", .nonNull(.named("AnnotationConfig")), description: description) {
                AnnotationConfigTypes.config($0)
            }
            Roots.addQuery(to: &type)
        }
    }

    private static let deleted: Object<[AnnotationConfigRecord]> = ObjectType(
        "DeleteAnnotationConfigsPayload", description: "The configs as they were."
    ) { type in
        type.field("annotationConfigs", .listOf(.named("AnnotationConfig")), description: "The configs.") { records in
            OutputValue.list(records.map { AnnotationConfigTypes.config($0) })
        }
        Roots.addQuery(to: &type)
    }

    private static let added = projectPayload("AddAnnotationConfigToProjectPayload")
    private static let removed = projectPayload("RemoveAnnotationConfigFromProjectPayload")

    private static func projectPayload(_ name: String) -> Object<ProjectRecord> {
        ObjectType(name, description: "The project as it is now.") { type in
            type.field("project", .nonNull(.named("Project")), description: "The project named last.") {
                ProjectTypes.project(ProjectNode(record: $0))
            }
            Roots.addQuery(to: &type)
        }
    }

    // MARK: Mutations

    private static let mutation = Roots.mutation.extended { type in
        type.asyncField(
            "createAnnotationConfig", .nonNull(.named("CreateAnnotationConfigPayload")), description: "Makes a config.",
            arguments: [.argument("input", .nonNull(.named("CreateAnnotationConfigInput")))]
        ) { _, field in
            let config = try field.argument("input", as: Input.self).config()
            return created(try await naming(config) { try await $0.create(config) }(field))
        }
        type.asyncField(
            "updateAnnotationConfig", .nonNull(.named("UpdateAnnotationConfigPayload")),
            description: "Puts another config in the place of one.",
            arguments: [.argument("input", .nonNull(.named("UpdateAnnotationConfigInput")))]
        ) { _, field in
            let input: Input = try field.argument("input")
            let (id, config) = (try AnnotationConfigRoutes.number(of: input.fields.string("id")), try input.config())
            return updated(try await naming(config) { try await $0.replace(id: id, with: config) }(field))
        }
        type.asyncField(
            "deleteAnnotationConfigs", .nonNull(.named("DeleteAnnotationConfigsPayload")),
            description: "Deletes configs; annotations stay.",
            arguments: [.argument("input", .nonNull(.named("DeleteAnnotationConfigsInput")))]
        ) { _, field in try await delete(field) }
        addAssignments(to: &type)
    }

    private static func addAssignments(to type: inout RootType<GraphQLContext>.Fields) {
        type.asyncField(
            "addAnnotationConfigToProject", .nonNull(.named("AddAnnotationConfigToProjectPayload")),
            description: "Offers configs in projects.",
            arguments: [.argument("input", .listOf(.named("AddAnnotationConfigToProjectInput")))]
        ) { _, field in
            try await assign(field, added) { try await $0.assign($1) }
        }
        type.asyncField(
            "removeAnnotationConfigFromProject", .nonNull(.named("RemoveAnnotationConfigFromProjectPayload")),
            description: "Offers configs in projects no longer.",
            arguments: [.argument("input", .listOf(.named("RemoveAnnotationConfigFromProjectInput")))]
        ) { _, field in
            try await assign(field, removed) { try await $0.unassign($1) }
        }
    }

    /// What stores a config, telling of a name that is taken and of a config that is not there.
    private static func naming(
        _ config: AnnotationConfig,
        _ work: @escaping (AnnotationConfigRepository) async throws -> AnnotationConfigRecord?
    ) -> (Field) async throws -> AnnotationConfigRecord {
        { field in
            do {
                guard let record = try await work(field.context.repositories.annotationConfigs) else {
                    throw AnnotationConfigRoutes.notFound
                }
                return record
            } catch DatabaseError.uniqueViolation {
                throw AnnotationConfigRoutes.nameIsTaken(config.name)
            }
        }
    }

    private static func delete(_ field: Field) async throws -> OutputValue {
        let input: Input = try field.argument("input")
        let ids = Set(try input.fields.value("ids", as: [String].self).map(AnnotationConfigRoutes.number(of:)))
        let configs = field.context.repositories.annotationConfigs
        guard try await configs.configs(ids: Array(ids)).count == ids.count else {
            throw AnnotationConfigRoutes.notFound
        }
        return .object(deleted, try await configs.remove(ids: Array(ids)))
    }

    private static func assign(
        _ field: Field, _ payload: Object<ProjectRecord>,
        _ work: (AnnotationConfigRepository, [AnnotationConfigAssignment]) async throws -> Void
    ) async throws -> OutputValue {
        let inputs: [Input] = try field.argument("input")
        let assignments = try inputs.map { try $0.assignment() }
        guard let last = assignments.last else { throw ExpectedError("No annotation configs given") }
        do {
            try await work(field.context.repositories.annotationConfigs, assignments)
        } catch DatabaseError.foreignKeyViolation {
            throw ExpectedError("Project or annotation configuration not found")
        }
        guard let project = try await field.context.repositories.projects.project(id: last.projectID) else {
            throw ExpectedError("Project not found")
        }
        return payload(project)
    }
}

extension AnnotationConfig {
    /// A config of `AnnotationConfigInput`. Throws `ExpectedError` for one that contradicts itself.
    fileprivate init(graphQL given: Arguments) throws {
        let kinds = ["categorical", "continuous", "freeform"].filter { !(given[$0]?.isNull ?? true) }
        guard kinds.count == 1, case .object(let values)? = given[kinds[0]] else {
            throw ExpectedError("Exactly one kind of annotation config must be given")
        }
        let fields = Arguments(values)
        let chosen: AnnotationConfigTypes.Direction? = try fields.value("optimizationDirection")
        let direction = chosen.flatMap { Direction(rawValue: $0.rawValue) }
        let lower = try fields.optionalDouble("lowerBound")
        let upper = try fields.optionalDouble("upperBound")
        let kind: Kind =
            switch kinds[0] {
            case "categorical":
                .categorical(
                    direction: direction ?? .none,
                    choices: try fields.value("values", as: [ChoiceInput].self).map(\.choice))
            case "continuous": .continuous(direction: direction ?? .none, lowerBound: lower, upperBound: upper)
            default:
                .freeform(
                    direction: direction, threshold: try fields.optionalDouble("threshold"), lowerBound: lower,
                    upperBound: upper)
            }
        self.init(name: try fields.string("name"), description: try fields.optionalString("description"), kind: kind)
        if let objection { throw ExpectedError(objection) }
    }

    private struct ChoiceInput: InputObjectDecodable {
        let choice: Choice

        init(fields: Arguments) throws {
            choice = Choice(label: try fields.string("label"), score: try fields.optionalDouble("score"))
        }
    }
}
