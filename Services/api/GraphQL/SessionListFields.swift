import Domain
import GraphQL
import Storage

/// A project's sessions, and what they sum up to.
enum SessionListFields {
    static var types: [any TypeDeclaration] { [column, annotationAttribute, annotationKey, sort] }

    private enum Column: String, GraphQLEnum, Hashable {
        case startTime, endTime, tokenCountTotal, numTraces, costTotal
    }

    private static let column = EnumType(
        "ProjectSessionColumn", Column.self, description: "What sessions can be sorted by.")

    private static let annotationAttribute = EnumType(
        "ProjectSessionAnnoAttr", description: "What of an annotation is sorted by.",
        values: ["score", "label"].map { SchemaEnumValue(name: $0) })

    private static let annotationKey = InputObjectType(
        "ProjectSessionAnnoResultKey", description: "An annotation to sort by.",
        fields: [
            .argument("name", .nonNull(.string), description: "The annotation's."),
            .argument("attr", .nonNull(.named("ProjectSessionAnnoAttr")), description: "What of it."),
        ])

    private static let sort = InputObjectType(
        "ProjectSessionSort", description: "An order of sessions, by a column or by an annotation.",
        fields: [
            .argument("col", .named("ProjectSessionColumn")),
            .argument("annoResultKey", .named("ProjectSessionAnnoResultKey")),
            .argument("dir", .nonNull(.named("SortDir"))),
        ])

    private struct Sort: InputObjectDecodable {
        var key: SessionSelection.Sort
        var descending: Bool

        init(fields: Arguments) throws {
            let column: Column? = try fields.value("col")
            let annotation: AnnotationKey? = try fields.value("annoResultKey")
            descending = try fields.value("dir", as: CoreTypes.SortDirection.self) == .desc
            switch (column, annotation) {
            case (let column?, nil): key = Self.key(column)
            case (nil, let annotation?):
                key = annotation.isScore ? .annotationScore(annotation.name) : .annotationLabel(annotation.name)
            default: throw ExpectedError("sort: give either col or annoResultKey")
            }
        }

        private static func key(_ column: Column) -> SessionSelection.Sort {
            switch column {
            case .startTime: .startTime
            case .endTime: .endTime
            case .tokenCountTotal: .tokens
            case .numTraces: .traceCount
            case .costTotal: .cost
            }
        }
    }

    private static let filters: [SchemaInputValue] = [
        .argument("timeRange", .named("TimeRange")), .argument("sessionFilterCondition", .string),
    ]

    static let fields = ProjectTypes.project.extended { type in
        type.asyncField(
            "sessions", .nonNull(.named("ProjectSessionConnection")),
            description: "Its sessions in which something happened during the time range; the newest first.",
            arguments: [.argument("first", .nonNull(.int)), .argument("after", .string)] + filters
                + [.argument("sort", .named("ProjectSessionSort"))]
        ) { project, field in
            let page = try PageArguments(field.arguments, isFirstNeeded: true)
            var selection = try selection(project, field, limit: page.limit + 1)
            selection.after = try page.rowID(of: "ProjectSession")
            if let sort: Sort = try field.argument("sort") {
                selection.sort = sort.key
                selection.descending = sort.descending
            }
            let sessions = try await field.context.repositories.sessions.page(selection).map(SessionNode.init)
            try field.spend(rows: sessions.count)
            return SessionTypes.sessions(
                Page(sessions, limit: page.limit, hasPrevious: selection.after != nil) {
                    GlobalID("ProjectSession", $0.id).description
                })
        }
        addSums(&type)
    }

    private static func addSums(_ type: inout Object<ProjectNode>.Fields) {
        type.asyncField("sessionCount", .nonNull(.int), description: "How many sessions it has.", arguments: filters) {
            project, field in
            try await totals(project, field).count
        }
        type.asyncField(
            "averageSessionDurationMs", .float, description: "How long its sessions last, in milliseconds.",
            arguments: filters
        ) { project, field in
            try await totals(project, field).averageDuration.map { $0 / 1e6 }
        }
        type.asyncField(
            "averageTracesPerSession", .float, description: "How many traces its sessions have.", arguments: filters
        ) { project, field in
            try await totals(project, field).averageTraceCount
        }
        type.asyncField(
            "sessionDurationMsQuantile", .float,
            description: "How long this part of its sessions lasts at most, in milliseconds.",
            arguments: [.argument("probability", .nonNull(.float))] + filters
        ) { project, field in
            try await field.context.repositories.sessions.durationQuantile(
                try selection(project, field, limit: 0), try field.arguments.probability())
        }
    }

    private static func totals(_ project: ProjectNode, _ field: Field) async throws -> SessionTotals {
        try await field.context.repositories.sessions.totals(try selection(project, field, limit: 0))
    }

    private static func selection(_ project: ProjectNode, _ field: Field, limit: Int) throws -> SessionSelection {
        var selection = SessionSelection(projectID: project.id, limit: limit)
        let range: TimeRange? = try field.argument("timeRange")
        (selection.startTime, selection.endTime) = (range?.start, range?.end)
        selection.filter = try field.arguments.sessionFilter("sessionFilterCondition")
        return selection
    }
}

/// An annotation's score or label, to sort by.
struct AnnotationKey: InputObjectDecodable {
    var name: String
    var isScore: Bool

    init(fields: Arguments) throws {
        name = try fields.string("name")
        isScore = try fields.string("attr") == "score"
    }
}

extension Arguments {
    /// From 0 to 1.
    func probability() throws -> Double {
        let probability = try double("probability")
        guard (0...1).contains(probability) else { throw ExpectedError("probability must be from 0 to 1") }
        return probability
    }
}
