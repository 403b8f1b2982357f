import GraphQL
import Storage

/// Annotation configs, of the server and of projects.
enum AnnotationConfigTypes {
    static let part = APISchema.Part(
        types: [
            annotationType, direction, base, choice, categorical, continuous, freeform, union, query, projectFields,
        ] + configs.types,
        nodes: AnnotationConfig.typeNames.sorted().map { name in
            NodeLookup(name) { number, field in
                let found = try await field.context.repositories.annotationConfigs.config(id: number)
                // One number of one table, but the id of another type is not this node's.
                return found.flatMap { $0.nodeID.typeName == name ? config($0) : nil }
            }
        })

    private static let annotationType = EnumType(
        "AnnotationType", description: "What annotations of a config consist of.",
        values: ["CATEGORICAL", "CONTINUOUS", "FREEFORM"].map { SchemaEnumValue(name: $0) })

    enum Direction: String, GraphQLEnum, Hashable {
        case minimize = "MINIMIZE"
        case maximize = "MAXIMIZE"
        case none = "NONE"
    }

    private static let direction = EnumType(
        "OptimizationDirection", Direction.self, description: "Which scores are better.")

    private static let base = InterfaceType(
        "AnnotationConfigBase", description: "What all annotation configs have.",
        fields: [
            .field("name", .nonNull(.string)), .field("description", .string),
            .field("annotationType", .nonNull(.named("AnnotationType"))),
        ])

    private static let choice: Object<AnnotationConfig.Choice> = ObjectType(
        "CategoricalAnnotationValue", description: "A label to choose."
    ) { type in
        type.field("label", .nonNull(.string), description: "The label.") { $0.label }
        type.field("score", .float, description: "The score that choosing it stands for.") { $0.score }
    }

    // MARK: The three kinds

    private static let categorical: Object<AnnotationConfigRecord> = ObjectType(
        "CategoricalAnnotationConfig", description: "Annotations that are one of some labels.",
        implements: ["Node", "AnnotationConfigBase"]
    ) { type in
        addFields(to: &type)
        type.field(
            "values", .nonNull(.list(.nonNull(.named("CategoricalAnnotationValue")))), description: "The labels."
        ) { record -> OutputValue in
            guard case .categorical(_, let choices) = record.config.kind else { return choice([]) }
            return choice(choices)
        }
    }

    private static let continuous: Object<AnnotationConfigRecord> = ObjectType(
        "ContinuousAnnotationConfig", description: "Annotations that are a score.",
        implements: ["Node", "AnnotationConfigBase"]
    ) { type in
        addFields(to: &type)
        addBounds(to: &type)
    }

    private static let freeform: Object<AnnotationConfigRecord> = ObjectType(
        "FreeformAnnotationConfig", description: "Annotations that are any text.",
        implements: ["Node", "AnnotationConfigBase"]
    ) { type in
        addFields(to: &type)
        addBounds(to: &type)
        type.field("threshold", .float, description: "The score from which on an annotation is good.") {
            record -> Double? in
            if case .freeform(_, let threshold, _, _) = record.config.kind { threshold } else { nil }
        }
    }

    private static func addFields(to type: inout Object<AnnotationConfigRecord>.Fields) {
        type.field("id", .nonNull(.id), description: "The config's own id.") { $0.nodeID.description }
        type.field("name", .nonNull(.string), description: "Of the annotations that it is about.") { $0.config.name }
        type.field("description", .string, description: "What is judged.") { $0.config.description }
        type.field("annotationType", .nonNull(.named("AnnotationType")), description: "Its kind.") {
            $0.config.typeName
        }
        type.field(
            "optimizationDirection", .nonNull(.named("OptimizationDirection")), description: "Which scores are better."
        ) { $0.config.direction.rawValue }
    }

    private static func addBounds(to type: inout Object<AnnotationConfigRecord>.Fields) {
        type.field("lowerBound", .float, description: "The lowest score there is.") { $0.config.bounds.lower }
        type.field("upperBound", .float, description: "The highest score there is.") { $0.config.bounds.upper }
    }

    private static let union = UnionType(
        "AnnotationConfig", description: "What annotations of a name look like.",
        members: ["CategoricalAnnotationConfig", "ContinuousAnnotationConfig", "FreeformAnnotationConfig"])

    static func config(_ record: AnnotationConfigRecord) -> OutputValue {
        switch record.config.kind {
        case .categorical: categorical(record)
        case .continuous: continuous(record)
        case .freeform: freeform(record)
        }
    }

    // MARK: Lists

    private static let configs = ConnectionTypes<AnnotationConfigRecord>("AnnotationConfig") { config($0) }

    private static let pageArguments: [SchemaInputValue] = [
        .argument("first", .int, default: .int(50)), .argument("last", .int, default: .null),
        .argument("after", .string, default: .null), .argument("before", .string, default: .null),
    ]

    private static let query = Roots.query.extended { type in
        type.asyncField(
            "annotationConfigs", .nonNull(.named("AnnotationConfigConnection")), description: "All annotation configs.",
            arguments: pageArguments
        ) { _, field in
            let all = try await field.context.repositories.annotationConfigs.page(limit: Int(Int32.max))
            return configs(try Page(of: all, PageArguments(field.arguments)))
        }
    }

    private static let projectFields = ProjectTypes.project.extended { type in
        type.batched(
            "annotationConfigs", .nonNull(.named("AnnotationConfigConnection")),
            description: "The annotation configs that people are offered here.",
            arguments: pageArguments + [
                .argument("names", .list(.nonNull(.string)), description: "Only those of these names.")
            ]
        ) { projects, field in
            let page = try PageArguments(field.arguments)
            let names: [String]? = try field.argument("names")
            let wanted = names.flatMap { $0.isEmpty ? nil : Set($0) }
            let found = try await field.context.repositories.annotationConfigs.configs(ofProjects: projects.map(\.id))
            return try projects.map { project in
                let all = found[project.id] ?? []
                return configs(try Page(of: all.filter { wanted?.contains($0.config.name) ?? true }, page))
            }
        }
    }
}

extension AnnotationConfig {
    fileprivate var direction: Direction {
        switch kind {
        case .categorical(let direction, _), .continuous(let direction, _, _): direction
        case .freeform(let direction, _, _, _): direction ?? .none
        }
    }

    fileprivate var bounds: (lower: Double?, upper: Double?) {
        switch kind {
        case .categorical: (nil, nil)
        case .continuous(_, let lower, let upper), .freeform(_, _, let lower, let upper): (lower, upper)
        }
    }
}
