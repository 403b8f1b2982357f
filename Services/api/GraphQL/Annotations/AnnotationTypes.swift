import Domain
import GraphQL
import HTTP
import Storage

/// What people, models and programs say of spans, their documents, traces and sessions.
enum AnnotationTypes {
    static let part = APISchema.Part(
        types: [
            annotatorKind, source, spanColumn, traceColumn, interface, span, document, trace, session, spanFields,
            traceFields, sessionFields,
        ] + inputs,
        nodes: [
            lookup("SpanAnnotation", .span) { span($0) }, lookup("TraceAnnotation", .trace) { trace($0) },
            lookup("ProjectSessionAnnotation", .session) { session($0) },
            lookup("DocumentAnnotation", .document) { document($0) },
        ])

    private static func lookup(
        _ name: String, _ subject: AnnotationSubject, _ make: @escaping @Sendable (AnnotationRecord) -> OutputValue
    ) -> NodeLookup {
        NodeLookup(name) { number, field in
            try await field.context.repositories.annotations(subject).annotations(ids: [number])[number].map(make)
        }
    }

    // MARK: Enums and inputs

    enum Kind: String, GraphQLEnum, Hashable {
        case llm = "LLM"
        case human = "HUMAN"
        case code = "CODE"
    }

    enum Source: String, GraphQLEnum, Hashable {
        case api = "API"
        case app = "APP"
    }

    enum Column: String, GraphQLEnum, Hashable {
        case createdAt
        case name
    }

    private static let annotatorKind = EnumType("AnnotatorKind", Kind.self, description: "Who or what annotates.")
    private static let source = EnumType("AnnotationSource", Source.self, description: "The way an annotation came.")
    private static let spanColumn = EnumType(
        "SpanAnnotationColumn", Column.self, description: "What annotations are put in order by.")
    private static let traceColumn = EnumType(
        "TraceAnnotationColumn", Column.self, description: "What annotations are put in order by.")

    private static let inputs: [any TypeDeclaration] =
        ["Span", "Trace"].map { name in
            InputObjectType(
                "\(name)AnnotationSort", description: "An order of annotations.",
                fields: [
                    .argument("col", .nonNull(.named("\(name)AnnotationColumn"))),
                    .argument("dir", .nonNull(.named("SortDir"))),
                ])
        } + [
            InputObjectType(
                "AnnotationFilter", description: "Which annotations are wanted.",
                fields: [
                    .argument("include", .named("AnnotationFilterCondition")),
                    .argument("exclude", .named("AnnotationFilterCondition")),
                ]),
            InputObjectType(
                "AnnotationFilterCondition", description: "Annotations that fit all that is not null.",
                fields: [
                    .argument("names", .list(.nonNull(.string))),
                    .argument("sources", .list(.nonNull(.named("AnnotationSource")))),
                    .argument("userIds", .list(.id), description: "Null among them stands for nobody."),
                ]),
        ]

    // MARK: Types

    private static let interface = InterfaceType(
        "Annotation", description: "Something that is said of something.",
        fields: [
            .field("name", .nonNull(.string)), .field("annotatorKind", .nonNull(.named("AnnotatorKind"))),
            .field("label", .string), .field("score", .float), .field("explanation", .string),
            .field("metadata", .nonNull(.named("JSON"))), .field("source", .nonNull(.named("AnnotationSource"))),
            .field("identifier", .nonNull(.string)), .field("createdAt", .nonNull(.named("DateTime"))),
            .field("updatedAt", .nonNull(.named("DateTime"))), .field("user", .named("User")),
        ])

    private static func addFields(_ typeName: String, to type: inout Object<AnnotationRecord>.Fields) {
        type.field("id", .nonNull(.id), description: "The annotation's own id.") { nodeID(typeName, $0.id) }
        type.field("name", .nonNull(.string), description: "What is judged.") { $0.content.name }
        type.field("annotatorKind", .nonNull(.named("AnnotatorKind")), description: "Who or what judged.") {
            $0.content.annotatorKind.rawValue
        }
        type.field("label", .string, description: "The judgement in a word.") { $0.content.label }
        type.field("score", .float, description: "The judgement as a number.") { $0.content.score }
        type.field("explanation", .string, description: "Why.") { $0.content.explanation }
        type.field("metadata", .nonNull(.named("JSON")), description: "Whatever came with it.") {
            OutputValue.json($0.content.metadata)
        }
        type.field("source", .nonNull(.named("AnnotationSource")), description: "The way it came.") {
            $0.content.source.rawValue
        }
        type.field("identifier", .nonNull(.string), description: "Tells several of one name apart.") {
            $0.content.identifier
        }
        type.field("createdAt", .nonNull(.named("DateTime")), description: "When it was made.") {
            dateTime($0.createdAt)
        }
        type.field("updatedAt", .nonNull(.named("DateTime")), description: "When it was changed last.") {
            dateTime($0.updatedAt)
        }
        type.batched("user", .named("User"), description: "Who made it.") { annotations, field in
            let ids = Set(annotations.compactMap(\.content.userID))
            let users = try await field.context.repositories.users.users(ids: Array(ids))
            let byID = Dictionary(uniqueKeysWithValues: users.map { ($0.id, $0) })
            return annotations.map { UserTypes.user($0.content.userID.flatMap { byID[$0] }) }
        }
    }

    static let span: Object<AnnotationRecord> = ObjectType(
        "SpanAnnotation", description: "Something that is said of a span.", implements: ["Node", "Annotation"]
    ) { type in
        addFields("SpanAnnotation", to: &type)
        type.field("spanId", .nonNull(.id), description: "The span's node id.") { nodeID("Span", $0.targetID) }
        addSpan(to: &type)
    }

    static let document: Object<AnnotationRecord> = ObjectType(
        "DocumentAnnotation", description: "Something that is said of a document of a span.",
        implements: ["Node", "Annotation"]
    ) { type in
        addFields("DocumentAnnotation", to: &type)
        type.field(
            "documentPosition", .nonNull(.int), description: "Which of the span's documents it is, counted from 0."
        ) { $0.documentPosition ?? 0 }
        addSpan(to: &type)
    }

    private static func addSpan(to type: inout Object<AnnotationRecord>.Fields) {
        type.batched("span", .nonNull(.named("Span")), description: "The span.") { annotations, field in
            let spans = try await field.context.repositories.spans.summaries(
                ids: Array(Set(annotations.map(\.targetID))))
            return annotations.map { SpanTypes.span(spans[$0.targetID].map { SpanNode(record: $0) }) }
        }
    }

    static let trace: Object<AnnotationRecord> = ObjectType(
        "TraceAnnotation", description: "Something that is said of a trace.", implements: ["Node"]
    ) { type in
        addFields("TraceAnnotation", to: &type)
        type.batched("trace", .nonNull(.named("Trace")), description: "The trace.") { annotations, field in
            let traces = try await field.context.repositories.traces.traces(
                ids: Array(Set(annotations.map(\.targetID))))
            return annotations.map { TraceTypes.trace(traces[$0.targetID].map { TraceNode(record: $0) }) }
        }
    }

    static let session: Object<AnnotationRecord> = ObjectType(
        "ProjectSessionAnnotation", description: "Something that is said of a session.",
        implements: ["Node", "Annotation"]
    ) { type in
        addFields("ProjectSessionAnnotation", to: &type)
        type.field("projectSessionId", .nonNull(.id), description: "The session's node id.") {
            nodeID("ProjectSession", $0.targetID)
        }
        type.batched("projectSession", .nonNull(.named("ProjectSession")), description: "The session.") {
            annotations, field in
            let ids = annotations.map { String(decoding: $0.targetKey, as: UTF8.self) }
            let sessions = try await field.context.repositories.sessions.sessions(Array(Set(ids)))
            return ids.map { id in SessionTypes.session(sessions[id].map { SessionNode(record: $0) }) }
        }
    }

    // MARK: Fields of what is annotated

    private static let filter = SchemaInputValue.argument("filter", .named("AnnotationFilter"), default: .null)

    private static let spanFields = SpanTypes.span.extended { type in
        type.batched(
            "spanAnnotations", .listOf(.named("SpanAnnotation")), description: "What is said of it, but for notes.",
            arguments: [.argument("sort", .named("SpanAnnotationSort")), filter]
        ) { spans, field in
            try await annotations(.span, of: spans.map(\.id), field) { span($0) }
        }
        type.batched("spanNotes", .listOf(.named("SpanAnnotation")), description: "People's notes on it.") {
            spans, field in
            let notes = AnnotationFilter(include: .init(names: [AnnotationContent.noteName]))
            let found = try await field.context.repositories.annotations(.span).annotations(
                of: spans.map(\.id), matching: notes)
            return spans.map { span(found[$0.id] ?? []) }
        }
        type.batched(
            "documentEvaluations", .listOf(.named("DocumentAnnotation")), description: "What is said of its documents."
        ) { spans, field in
            let found = try await field.context.repositories.annotations(.document).annotations(of: spans.map(\.id))
            return spans.map { document(found[$0.id] ?? []) }
        }
    }

    private static let traceFields = TraceTypes.trace.extended { type in
        type.batched(
            "traceAnnotations", .listOf(.named("TraceAnnotation")), description: "What is said of it, but for notes.",
            arguments: [.argument("sort", .named("TraceAnnotationSort")), filter]
        ) { traces, field in
            try await annotations(.trace, of: traces.map(\.id), field) { trace($0) }
        }
    }

    private static let sessionFields = SessionTypes.session.extended { type in
        type.batched(
            "sessionAnnotations", .listOf(.named("ProjectSessionAnnotation")),
            description: "What is said of it, but for notes."
        ) { sessions, field in
            try await annotations(.session, of: sessions.map(\.id), field) { session($0) }
        }
    }

    /// The annotations of each target, but for notes, one statement for all.
    private static func annotations(
        _ subject: AnnotationSubject, of targets: [Int64], _ field: Field,
        _ make: ([AnnotationRecord]) -> OutputValue
    ) async throws -> [OutputValue] {
        let wanted: Filter? = subject == .session ? nil : try field.argument("filter")
        let sort: Sort? = subject == .session ? nil : try field.argument("sort")
        var found = try await field.context.repositories.annotations(subject).annotations(
            of: targets, matching: wanted?.filter ?? AnnotationFilter())
        for (id, records) in found {
            let plain = records.filter { $0.content.name != AnnotationContent.noteName }
            found[id] = sort?.sorted(plain) ?? plain
        }
        return targets.map { make(found[$0] ?? []) }
    }

    private struct Sort: InputObjectDecodable {
        let column: Column
        let direction: CoreTypes.SortDirection

        init(fields: Arguments) throws {
            column = try fields.value("col")
            direction = try fields.value("dir")
        }

        func sorted(_ records: [AnnotationRecord]) -> [AnnotationRecord] {
            let ascending = records.sorted { one, other in
                switch column {
                case .createdAt: (one.createdAt, one.id) < (other.createdAt, other.id)
                case .name: (one.content.name, one.id) < (other.content.name, other.id)
                }
            }
            return direction == .asc ? ascending : ascending.reversed()
        }
    }

    struct Filter: InputObjectDecodable {
        let filter: AnnotationFilter

        init(fields: Arguments) throws {
            let include: Condition? = try fields.value("include")
            let exclude: Condition? = try fields.value("exclude")
            filter = AnnotationFilter(
                include: include?.condition ?? .init(), exclude: exclude?.condition ?? .init())
        }
    }

    private struct Condition: InputObjectDecodable {
        let condition: AnnotationFilter.Condition

        init(fields: Arguments) throws {
            let sources: [Source]? = try fields.value("sources")
            let users: [String?]? = try fields.value("userIds")
            condition = AnnotationFilter.Condition(
                names: try fields.value("names"),
                sources: sources.map { $0.compactMap { AnnotationSource(rawValue: $0.rawValue) } },
                userIDs: try users.map { users in
                    try users.map { text in
                        guard let text else { return nil }
                        guard let id = GlobalID(encoded: text), id.typeName == "User" else {
                            throw ExpectedError("\(text) is not the id of a User")
                        }
                        return id.number
                    }
                })
        }
    }
}
