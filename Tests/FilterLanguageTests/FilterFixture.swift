import Database
import Domain
import Foundation
import Storage
import TestSupport

/// The spans of `Fixtures/span-filters.json` with their annotations, and what filters find among them.
struct FilterFixture: Decodable, Sendable {
    struct Span: Decodable, Sendable {
        var id: UInt64
        var trace: UInt64
        var parent: UInt64?
        var name: String
        var kind: String
        var status: String
        var message: String
        var startMilliseconds: Int64
        var milliseconds: Int64
        var attributes: AnyJSON
    }

    struct Annotation: Decodable, Sendable {
        var name: String
        /// The number of the span or trace.
        var of: Int64
        var kind: String
        var label: String?
        var score: Double?
        var explanation: String?
        var identifier: String
    }

    struct Case: Decodable, Sendable {
        var filter: String
        /// Nil where the filter is refused.
        var matches: [Int64]?
    }

    var start: Int64
    var spans: [Span]
    var spanAnnotations: [Annotation]
    var traceAnnotations: [Annotation]
    var filters: [Case]

    static func read() throws -> FilterFixture {
        guard
            let url = Bundle.module.url(forResource: "span-filters", withExtension: "json", subdirectory: "Fixtures")
        else { throw CocoaError(.fileNoSuchFile) }
        return try JSONDecoder().decode(FilterFixture.self, from: Data(contentsOf: url))
    }

    static let costDetails = """
        [{"token_type":"input","is_prompt":true,"tokens":100,"cost":250000000},
        {"token_type":"output","is_prompt":false,"tokens":50,"cost":500000000}]
        """

    /// Rows whose own ids are the spans' and traces' numbers.
    func store(in database: Database) async throws {
        try await migrate(database)
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO projects (id, name, gradient_start_color, gradient_end_color, created_at, updated_at)
                VALUES (1000, 'filters', '#000000', '#ffffff', 0, 0)
                """)
            for trace in Set(spans.map(\.trace)).sorted() { try store(trace: trace, on: connection) }
            for span in spans { try store(span, on: connection) }
            for annotation in spanAnnotations { try store(annotation, of: "span", on: connection) }
            for annotation in traceAnnotations { try store(annotation, of: "trace", on: connection) }
        }
    }

    private func store(trace: UInt64, on connection: DatabaseConnection) throws {
        let spans = spans.filter { $0.trace == trace }
        guard let root = spans.first(where: { $0.parent == nil }) ?? spans.first else { return }
        let begin = spans.map(\.startMilliseconds).min() ?? 0
        let end = spans.map { $0.startMilliseconds + $0.milliseconds }.max() ?? 0
        func sum(_ value: (Span) -> Int64) -> SQLValue { .integer(spans.reduce(0) { $0 + value($1) }) }
        let session = root.text("session", "id")
        let sums: [SQLValue] = [
            .integer(start + begin * 1_000_000), .integer(start + end * 1_000_000), .integer(Int64(spans.count)),
            sum { $0.status == "ERROR" ? 1 : 0 }, sum { $0.tokens("prompt") ?? 0 },
            sum { $0.tokens("completion") ?? 0 },
            sum { $0.cost.prompt }, sum { $0.cost.completion },
        ]
        try connection.execute(
            """
            INSERT INTO traces (id, trace_id, project_id, root_span_id, root_name, session_id, start_time, end_time,
                span_count, error_count, prompt_tokens, completion_tokens, prompt_cost, completion_cost, root_is_child,
                root_start_time, root_end_time, root_kind, root_status)
            VALUES ($1, $2, 1000, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, '', '')
            """,
            [
                .integer(Int64(trace)), .bytes(TraceID(high: 0, low: trace).bytes), .bytes(SpanID(root.id).bytes),
                .text(root.name), session.map(SQLValue.text) ?? .null,
            ] + sums + [.integer(root.parent == nil ? 0 : 1)])
        guard let session else { return }
        try connection.execute(
            """
            INSERT INTO project_sessions (id, session_id, project_id, trace_count, start_time, end_time, span_count,
                error_count, prompt_tokens, completion_tokens, prompt_cost, completion_cost)
            VALUES ($1, $2, 1000, 1, $3, $4, $5, $6, $7, $8, $9, $10)
            """, [.integer(Int64(trace)), .text(session)] + sums)
    }

    private func store(_ span: Span, on connection: DatabaseConnection) throws {
        let begin = start + span.startMilliseconds * 1_000_000
        try connection.execute(
            """
            INSERT INTO spans (id, trace_rowid, project_id, span_id, parent_id, name, span_kind, start_time, end_time,
                status_code, status_message, prompt_tokens, completion_tokens, attributes, cost_details)
            VALUES ($1, $2, 1000, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            [
                .integer(Int64(span.id)), .integer(Int64(span.trace)), .bytes(SpanID(span.id).bytes),
                span.parent.map { .bytes(SpanID($0).bytes) } ?? .null, .text(span.name), .text(span.kind),
                .integer(begin), .integer(begin + span.milliseconds * 1_000_000), .text(span.status),
                .text(span.message), span.tokens("prompt").map(SQLValue.integer) ?? .null,
                span.tokens("completion").map(SQLValue.integer) ?? .null, .text(span.attributes.text),
                span.id == 3 ? .text(Self.costDetails) : .null,
            ])
        guard connection.dialect == .sqlite else { return }
        try connection.execute(
            "INSERT INTO \(span.id.isMultiple(of: 2) ? "span_ids" : "new_span_ids") (span_id, span_rowid) VALUES ($1, $2)",
            [.bytes(SpanID(span.id).bytes), .integer(Int64(span.id))])
    }

    private func store(_ annotation: Annotation, of owner: String, on connection: DatabaseConnection) throws {
        try connection.execute(
            """
            INSERT INTO \(owner)_annotations (\(owner)_rowid, name, label, score, explanation, metadata, annotator_kind,
                identifier, source, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, '{}', $6, $7, 'API', 0, 0)
            """,
            [
                .integer(annotation.of), .text(annotation.name), annotation.label.map(SQLValue.text) ?? .null,
                annotation.score.map(SQLValue.real) ?? .null, annotation.explanation.map(SQLValue.text) ?? .null,
                .text(annotation.kind), .text(annotation.identifier),
            ])
    }
}

extension FilterFixture.Span {
    func tokens(_ part: String) -> Int64? {
        guard kind == "LLM", case .object(let top) = attributes, case .object(let llm)? = top["llm"],
            case .object(let counts)? = llm["token_count"], case .number(let count)? = counts[part]
        else { return nil }
        return Int64(count)
    }

    func text(_ first: String, _ second: String) -> String? {
        guard case .object(let top) = attributes, case .object(let inner)? = top[first],
            case .text(let text)? = inner[second]
        else { return nil }
        return text
    }

    /// Nano-dollars.
    var cost: (prompt: Int64, completion: Int64) {
        id == 3 ? (250_000_000, 500_000_000) : (0, 0)
    }
}

/// JSON of any form.
indirect enum AnyJSON: Decodable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([AnyJSON])
    case object([String: AnyJSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let boolean = try? container.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([AnyJSON].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: AnyJSON].self))
        }
    }

    var text: String {
        switch self {
        case .null: "null"
        case .boolean(let boolean): "\(boolean)"
        case .number(let number): Int64(exactly: number).map { "\($0)" } ?? "\(number)"
        case .text(let text): JSONEscaping.quoted(text)
        case .list(let list): "[\(list.map(\.text).joined(separator: ","))]"
        case .object(let object):
            "{\(object.sorted { $0.key < $1.key }.map { "\(JSONEscaping.quoted($0.key)):\($0.value.text)" }.joined(separator: ","))}"
        }
    }
}
