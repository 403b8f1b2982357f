import Database

/// What a filter's names mean for one kind of row.
struct FilterVocabulary: Sendable {
    /// As messages name a row.
    var subject: String
    var fields: [String: FilterField]
    /// Names that have another name in front of a dot, as `context.span_id`.
    var dottedFields: [String: FilterField] = [:]
    /// Any other name is a path in the row's attributes; without them names are strict.
    var hasAttributes = false
    /// Whose attributes are read where the row has none itself.
    var rootSpan: RootSpan?
    var hasParentSpan = false
    var annotations: [String: AnnotationSource] = [:]
    var collections: [String: FilterCollection] = [:]

    init(_ subject: String, fields: [FilterField]) {
        self.subject = subject
        self.fields = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// How many expressions may stand within one another. Attributes of another row than the filtered one are a statement
    /// more within the statement, and SQLite's parser holds a hundred things at a time.
    var depthMax: Int { rootSpan == nil ? FilterParser.depthMax : 16 }

    /// Every name, for suggestions.
    var names: [String] {
        Array(fields.keys) + dottedFields.keys + annotations.keys + collections.keys
    }
}

/// A table of annotations, and how a row's are found.
enum AnnotationSource: Hashable, Sendable {
    /// Every name that annotations have in some filter.
    static let names: Set<String> = [
        "annotations", "evals", "span_annotations", "trace_annotations", "session_annotations",
    ]

    /// Of a span.
    case span
    /// Of a span's trace.
    case traceOfSpan
    /// Of a trace.
    case trace
    /// Of a session.
    case session

    var table: String {
        switch self {
        case .span: "span_annotations"
        case .traceOfSpan, .trace: "trace_annotations"
        case .session: "session_annotations"
        }
    }

    var subject: FilterAnnotation.Subject {
        switch self {
        case .span: .span
        case .traceOfSpan, .trace: .trace
        case .session: .session
        }
    }

    /// That an annotation belongs to a row.
    func belongs(_ annotation: String, to row: String) -> String {
        switch self {
        case .span: "\(annotation).span_rowid = \(row).id"
        case .traceOfSpan: "\(annotation).trace_rowid = \(row).trace_rowid"
        case .trace: "\(annotation).trace_rowid = \(row).id"
        case .session: "\(annotation).session_rowid = \(row).id"
        }
    }
}

/// Rows that belong to a row, for `any(… for x in collection)`.
struct FilterCollection: Sendable {
    var name: String
    /// Of its elements.
    var vocabulary: @Sendable () -> FilterVocabulary
    /// What follows FROM, with the condition that joins an element to its row.
    var source: @Sendable (SQLDialect, _ parent: String, _ element: String) -> (from: String, condition: String)
}
