import GraphQL
import Storage

/// Projects, and the list of them.
enum ProjectTypes {
    static let part = APISchema.Part(
        types: [project, column, sort, filterColumn, filter, searchResult, query]
            + [ProjectSumFields.fields, ProjectSpanFields.fields] + projects.types + ProjectSpanFields.types,
        nodes: [
            NodeLookup("Project") { id, field in
                try await field.context.repositories.projects.project(id: id).map { project(ProjectNode(record: $0)) }
            }
        ])

    static let projects = ConnectionTypes<ProjectNode>("Project") { project($0) }

    static let project: Object<ProjectNode> = ObjectType(
        "Project", description: "Where the traces of an application are kept.", implements: ["Node"]
    ) { type in
        type.field("id", .nonNull(.id), description: "Distinct among all nodes.") { nodeID("Project", $0.id) }
        type.field("name", .nonNull(.string), description: "Distinct among projects.") { $0.record.name }
        type.field("description", .string, description: "What it is for.") { $0.record.description }
        type.field("gradientStartColor", .nonNull(.string), description: "One of the two colours it is shown with.") {
            $0.record.gradientStartColor
        }
        type.field("gradientEndColor", .nonNull(.string), description: "The other of its two colours.") {
            $0.record.gradientEndColor
        }
        type.field("createdAt", .nonNull(.named("DateTime")), description: "When it was made.") {
            dateTime($0.record.createdAt)
        }
        type.field("updatedAt", .nonNull(.named("DateTime")), description: "When it was changed last.") {
            dateTime($0.record.updatedAt)
        }
        addActivity(&type, "startTime", "When its first trace began.") { dateTime($0?.firstStart) }
        addActivity(&type, "endTime", "When its last trace was over.") { dateTime($0?.lastEnd) }
        addActivity(&type, "hasTraces", "Whether it has any trace.", .nonNull(.boolean)) {
            .boolean($0?.firstStart != nil)
        }
        type.batched(
            "streamingLastUpdatedAt", .named("DateTime"), description: "When the newest of its spans began."
        ) { projects, field in
            let starts = try await field.context.repositories.statistics.newestSpans(of: projects.map(\.id))
            return projects.map { dateTime(starts[$0.id]) }
        }
    }

    private static func addActivity(
        _ type: inout Object<ProjectNode>.Fields, _ name: String, _ description: String,
        _ output: WrappedType = .named("DateTime"), _ value: @escaping @Sendable (ProjectActivity?) -> OutputValue
    ) {
        type.batched(name, output, description: description) { projects, field in
            let activity = try await activity(of: projects.map(\.id), field)
            return projects.map { value(activity[$0.id]) }
        }
    }

    private static func activity(of ids: [Int64], _ field: Field) async throws -> [Int64: ProjectActivity] {
        let statistics = field.context.repositories.statistics
        return try await field.context.activity.values(of: ids) { try await statistics.activity(of: $0) }
    }

    private enum Column: String, GraphQLEnum, Hashable {
        case name, endTime
    }

    private static let column = EnumType("ProjectColumn", Column.self, description: "What projects can be sorted by.")

    private static let sort = InputObjectType(
        "ProjectSort", description: "An order of projects.",
        fields: [
            .argument("col", .nonNull(.named("ProjectColumn"))), .argument("dir", .nonNull(.named("SortDir"))),
        ])

    private struct Sort: InputObjectDecodable {
        var column: Column
        var descending: Bool

        init(fields: Arguments) throws {
            column = try fields.value("col")
            descending = try fields.value("dir", as: CoreTypes.SortDirection.self) == .desc
        }
    }

    private static let filterColumn = EnumType(
        "ProjectFilterColumn", description: "What projects can be found by.", values: [SchemaEnumValue(name: "name")])

    private static let filter = InputObjectType(
        "ProjectFilter", description: "Which projects are wanted.",
        fields: [
            .argument("col", .nonNull(.named("ProjectFilterColumn"))),
            .argument("value", .nonNull(.string), description: "In the column, in any case."),
        ])

    private struct Filter: InputObjectDecodable {
        var value: String

        /// Nil for all that there is.
        var nameContains: String? { value.isEmpty ? nil : value }

        init(fields: Arguments) throws { value = try fields.string("value") }
    }

    private static let searchResult = UnionType(
        "SearchResult", description: "What a search may find.", members: ["Project"])

    private static let query = Roots.query.extended { type in
        type.asyncField(
            "projects", .nonNull(.named("ProjectConnection")), description: "All projects, the oldest first.",
            arguments: PageArguments.declared() + [
                .argument("sort", .named("ProjectSort")), .argument("filter", .named("ProjectFilter")),
            ]
        ) { _, field in
            projects(try await page(field))
        }
        type.asyncField("projectCount", .nonNull(.int), description: "How many projects there are.") { _, field in
            try await field.context.repositories.projects.count()
        }
        type.asyncField(
            "projectsLastUpdatedAt", .named("DateTime"), description: "When a project was made or changed last."
        ) { _, field in
            dateTime(try await field.context.repositories.projects.lastUpdate())
        }
        type.asyncField(
            "getProjectByName", .named("Project"), description: "The project of this name.",
            arguments: [.argument("name", .nonNull(.string))]
        ) { _, field in
            let name = try field.arguments.string("name")
            return project(try await field.context.repositories.projects.project(name: name).map(ProjectNode.init))
        }
        addSearch(&type)
    }

    private static func addSearch(_ type: inout QueryRoot.Fields) {
        type.asyncField(
            "searchResources", .nonNull(.list(.nonNull(.named("SearchResult")))),
            description: "What has this in its name, in any case.",
            arguments: [
                .argument("query", .nonNull(.string)), .argument("limitPerType", .nonNull(.int), default: .int(5)),
            ]
        ) { _, field in
            let text = try field.arguments.string("query")
            let limit = try field.arguments.int("limitPerType")
            guard (1...PageArguments.firstMax).contains(limit) else {
                throw ExpectedError("limitPerType must be from 1 to \(PageArguments.firstMax)")
            }
            let found = try await field.context.repositories.projects.page(from: 0, limit: limit, nameContains: text)
            return project(found.map(ProjectNode.init))
        }
    }

    /// There are few projects: they are sorted here, and pages are parts of the whole list.
    private static func page(_ field: Field) async throws -> Page<ProjectNode> {
        let filter: Filter? = try field.argument("filter")
        let sort: Sort? = try field.argument("sort")
        var all = try await field.context.repositories.projects.page(
            from: 0, limit: Int(Int32.max), nameContains: filter?.nameContains)
        switch sort?.column {
        case nil: break
        case .name: all.sort { ($0.name, $0.id) < ($1.name, $1.id) }
        case .endTime:
            let ends = try await activity(of: all.map(\.id), field).compactMapValues(\.lastEnd)
            // Those without a trace come last either way.
            let missing: Int64 = sort?.descending == true ? .min : .max
            all.sort { (ends[$0.id] ?? missing, $0.id) < (ends[$1.id] ?? missing, $1.id) }
        }
        if sort?.descending == true { all.reverse() }
        return try Page(of: all.map(ProjectNode.init), PageArguments(field.arguments))
    }

    /// The projects of these ids, in their order.
    static func projects(_ ids: [Int64], _ field: Field) async throws -> [OutputValue] {
        let records = try await field.context.repositories.projects.projects(Array(Set(ids)))
        return ids.map { id in
            records[id].map { project(ProjectNode(record: $0)) }
                ?? .failure(ExpectedError("Project with ID \(id) not found"))
        }
    }
}
