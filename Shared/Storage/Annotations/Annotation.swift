import Database
import Domain

/// Who or what made an annotation.
public enum AnnotatorKind: String, Sendable, Hashable, CaseIterable {
    case llm = "LLM"
    case code = "CODE"
    case human = "HUMAN"
}

/// The way that an annotation came.
public enum AnnotationSource: String, Sendable, Hashable, CaseIterable {
    case api = "API"
    case app = "APP"
}

/// What is said of a target. Of one name and identifier a target has one annotation: a newer one takes its place.
public struct AnnotationContent: Sendable, Hashable {
    /// Notes are annotations of this name.
    public static let noteName = "note"

    public var name: String
    public var identifier: String
    public var annotatorKind: AnnotatorKind
    public var label: String?
    public var score: Double?
    public var explanation: String?
    /// A JSON object.
    public var metadata: String
    public var source: AnnotationSource
    /// The row of `users`.
    public var userID: Int64?

    public init(
        name: String, identifier: String = "", annotatorKind: AnnotatorKind, label: String? = nil,
        score: Double? = nil, explanation: String? = nil, metadata: String = "{}", source: AnnotationSource = .api,
        userID: Int64? = nil
    ) {
        self.name = name
        self.identifier = identifier
        self.annotatorKind = annotatorKind
        self.label = label
        self.score = score
        self.explanation = explanation
        self.metadata = metadata
        self.source = source
        self.userID = userID
    }

    /// In the order in which `init(_:from:)` reads them.
    static let columns = [
        "name", "identifier", "annotator_kind", "label", "score", "explanation", "metadata", "source", "user_id",
    ]

    /// - Parameter first: the first of its columns.
    init(_ row: SQLRow, from first: Int) throws {
        name = try row.text(first)
        identifier = try row.text(first + 1)
        annotatorKind = AnnotatorKind(rawValue: try row.text(first + 2)) ?? .code
        label = try row.optionalText(first + 3)
        score = try row.optionalReal(first + 4)
        explanation = try row.optionalText(first + 5)
        metadata = try row.text(first + 6)
        source = AnnotationSource(rawValue: try row.text(first + 7)) ?? .api
        userID = try row.optionalInteger(first + 8)
    }
}

/// An annotation that is to be stored.
public struct NewAnnotation: Sendable, Hashable {
    public var target: AnnotationTarget
    /// Counted from 0; only for documents.
    public var documentPosition: Int64?
    public var content: AnnotationContent
    /// Nanoseconds since 1970. One that is older than what is stored changes nothing.
    public var time: Int64

    public init(
        target: AnnotationTarget, documentPosition: Int64? = nil, content: AnnotationContent,
        time: Int64 = SystemClock.now()
    ) {
        self.target = target
        self.documentPosition = documentPosition
        self.content = content
        self.time = time
    }
}

/// A stored annotation.
public struct AnnotationRecord: Sendable, Hashable {
    public var id: Int64
    /// The target's row.
    public var targetID: Int64
    /// The target's own id: the bytes of a span's or trace's, or a session's text.
    public var targetKey: [UInt8]
    /// Only of documents.
    public var documentPosition: Int64?
    public var content: AnnotationContent
    public var createdAt: Int64
    public var updatedAt: Int64
}

extension AnnotationRecord {
    /// Of the annotations' table as `a` and the targets' as `t`.
    static func columns(_ subject: AnnotationSubject) -> String {
        let position = subject == .document ? "a.document_position" : "NULL"
        let content = AnnotationContent.columns.map { "a.\($0)" }.joined(separator: ", ")
        return """
            a.id, a.\(subject.targetColumn), t.\(subject.keyColumn), \(position), a.created_at, a.updated_at, \(content)
            """
    }

    static func source(_ subject: AnnotationSubject) -> String {
        "\(subject.table) AS a JOIN \(subject.targetTable) AS t ON t.id = a.\(subject.targetColumn)"
    }

    init(_ row: SQLRow, _ subject: AnnotationSubject) throws {
        id = try row.integer(0)
        targetID = try row.integer(1)
        targetKey = try subject.key(row, 2)
        // NULL has no type that Postgres would call a number.
        documentPosition = subject == .document ? try row.integer(3) : nil
        createdAt = try row.integer(4)
        updatedAt = try row.integer(5)
        content = try AnnotationContent(row, from: 6)
    }
}
