import Database
import Domain
import FilterLanguage

/// A span without its bodies: what trees and lists show.
public struct SpanSkeleton: Sendable {
    public var id: Int64
    public var spanID: SpanID
    public var parentID: SpanID?
    public var name: String
    public var kind: String
    public var statusCode: String
    public var startTime: Int64
    public var endTime: Int64
    public var promptTokens: Int64?
    public var completionTokens: Int64?
    public var modelName: String?

    static let columns =
        "s.id, s.span_id, s.parent_id, s.name, s.span_kind, s.status_code, s.start_time, s.end_time, "
        + "s.prompt_tokens, s.completion_tokens, s.model_name"
    static let columnCount = 11

    init(_ row: SQLRow) throws {
        guard let spanID = SpanID(bytes: try row.bytes(1)) else {
            throw DatabaseError.failed(sqlState: "XX001", message: "a span's id has the wrong length")
        }
        id = try row.integer(0)
        self.spanID = spanID
        parentID = try row.optionalBytes(2).flatMap { SpanID(bytes: $0) }
        name = try row.text(3)
        kind = try row.text(4)
        statusCode = try row.text(5)
        startTime = try row.integer(6)
        endTime = try row.integer(7)
        promptTokens = try row.optionalInteger(8)
        completionTokens = try row.optionalInteger(9)
        modelName = try row.optionalText(10)
    }
}

/// A span with its bodies, which stay the JSON bytes that were stored.
public struct SpanRecordWithBodies: Sendable {
    public var skeleton: SpanSkeleton
    public var traceID: TraceID
    public var statusMessage: String
    /// Nano-dollars; nil without a price.
    public var promptCost: Int64?
    public var completionCost: Int64?
    /// A JSON object.
    public var attributes: [UInt8]
    /// A JSON array; nil for none.
    public var events: [UInt8]?
    /// A JSON object; nil where all of it is at its default.
    public var otlp: [UInt8]?
    /// `{"resource": …, "scope": …}`; nil where it is not known.
    public var resource: [UInt8]?

    static let columns =
        SpanSkeleton.columns
        + ", t.trace_id, s.status_message, s.prompt_cost, s.completion_cost, s.attributes, s.events, s.otlp, r.content"
    static let source =
        "spans s JOIN traces t ON t.id = s.trace_rowid LEFT JOIN resources r ON r.id = s.resource_id"

    init(_ row: SQLRow) throws {
        let first = SpanSkeleton.columnCount
        guard let traceID = TraceID(bytes: try row.bytes(first)) else {
            throw DatabaseError.failed(sqlState: "XX001", message: "a trace's id has the wrong length")
        }
        skeleton = try SpanSkeleton(row)
        self.traceID = traceID
        statusMessage = try row.text(first + 1)
        promptCost = try row.optionalInteger(first + 2)
        completionCost = try row.optionalInteger(first + 3)
        attributes = try row.json(first + 4)
        events = row.isNull(first + 5) ? nil : try row.json(first + 5)
        otlp = row.isNull(first + 6) ? nil : try row.json(first + 6)
        resource = row.isNull(first + 7) ? nil : try row.json(first + 7)
    }
}

/// Which spans of a project are wanted, and in which order.
public struct SpanQuery: Sendable {
    public enum Sort: Sendable {
        case startTime
        /// In the order in which they were stored. No index helps here: for every page the project's spans are sorted.
        case id
    }

    /// Nanoseconds since 1970; the first is included, the second not.
    public var startTime: Int64?
    public var endTime: Int64?
    public var traceIDs: [TraceID]?
    public var spanIDs: [SpanID]?
    public var parent: Parent?
    public var names: [String]?
    public var kinds: [String]?
    public var statusCodes: [String]?
    public var attributes: [AttributeEquality] = []
    public var sort = Sort.startTime
    public var descending = true
    /// The first span of the page.
    public var from: Int64?
    public var limit: Int
    public var projectID: Int64

    public enum Parent: Sendable {
        /// Root spans only.
        case root
        case span(SpanID)
    }

    public init(projectID: Int64, limit: Int) {
        self.projectID = projectID
        self.limit = limit
    }
}

/// That an attribute has a value.
public struct AttributeEquality: Sendable, Equatable {
    public enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int64)
        /// Finite.
        case number(Double)
        case boolean(Bool)
    }

    public var path: [String]
    public var value: Value

    public init(path: [String], value: Value) {
        self.path = path
        self.value = value
    }
}

/// Reads the table `spans`.
public struct SpanRepository: Sendable {
    let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// All spans of these traces, by trace row, each in order of time.
    public func skeletons(ofTraces ids: [Int64]) async throws -> [Int64: [SpanSkeleton]] {
        var conditions = SQLConditions()
        conditions.add("s.trace_rowid", isOneOf: ids.map(SQLValue.integer))
        let (sql, values) = (conditions.sql, conditions.values)
        return try await database.read { connection in
            var spans: [Int64: [SpanSkeleton]] = [:]
            let rows = try connection.query(
                """
                SELECT \(SpanSkeleton.columns), s.trace_rowid FROM spans s WHERE \(sql) ORDER BY s.start_time, s.id
                """, values)
            for row in rows {
                spans[try row.integer(SpanSkeleton.columnCount), default: []].append(try SpanSkeleton(row))
            }
            return spans
        }
    }

    public func span(id: Int64) async throws -> SpanRecordWithBodies? {
        try await database.read { connection in
            try connection.query(
                "SELECT \(SpanRecordWithBodies.columns) FROM \(SpanRecordWithBodies.source) WHERE s.id = $1",
                [.integer(id)]
            ).first.map(SpanRecordWithBodies.init)
        }
    }

    /// Up to `limit` spans of a project. Throws `MissingCursor` where the page's first span is gone.
    public func page(_ query: SpanQuery) async throws -> [SpanRecordWithBodies] {
        try await database.read { connection in
            let conditions = Self.conditions(query, connection.dialect)
            let page = try connection.query(
                """
                SELECT \(SpanRecordWithBodies.columns) FROM \(SpanRecordWithBodies.source) WHERE \(conditions.sql)
                \(query.order) LIMIT \(query.limit)
                """, conditions.values
            ).map(SpanRecordWithBodies.init)
            try MissingCursor.check(query.from, in: "spans", on: connection, isEmpty: page.isEmpty)
            return page
        }
    }

    /// Which of these ids are stored.
    public func stored(among ids: [SpanID]) async throws -> Set<SpanID> {
        try await database.read { try GroupWrite.stored(among: ids, on: $0) }
    }

    /// Returns whether it was there.
    public func remove(_ id: SpanID) async throws -> Bool {
        try await database.write { try TraceRemoval.removeSpan(id, on: $0) }
    }

    private static func conditions(_ query: SpanQuery, _ dialect: SQLDialect) -> SQLConditions {
        var conditions = SQLConditions()
        conditions.add("s.project_id = ?", .integer(query.projectID))
        if let start = query.startTime { conditions.add("s.start_time >= ?", .integer(start)) }
        if let end = query.endTime { conditions.add("s.start_time < ?", .integer(end)) }
        if let ids = query.traceIDs { conditions.add("t.trace_id", isOneOf: ids.map { .bytes($0.bytes) }) }
        if let ids = query.spanIDs { conditions.addSpan("s", hasIDAmong: ids.map { .bytes($0.bytes) }, dialect) }
        switch query.parent {
        case nil: break
        case .root: conditions.add("s.parent_id IS NULL")
        case .span(let id): conditions.add("s.parent_id = ?", .bytes(id.bytes))
        }
        if let names = query.names { conditions.add("s.name", isOneOf: names.map(SQLValue.text)) }
        if let kinds = query.kinds { conditions.add("s.span_kind", isOneOf: kinds.map(SQLValue.text)) }
        if let codes = query.statusCodes { conditions.add("s.status_code", isOneOf: codes.map(SQLValue.text)) }
        for attribute in query.attributes { attribute.add(to: &conditions, dialect) }
        if let from = query.from { query.begin(at: from, &conditions) }
        return conditions
    }
}

extension SpanQuery {
    fileprivate var order: String {
        let direction = descending ? "DESC" : "ASC"
        return switch sort {
        case .startTime: "ORDER BY s.start_time \(direction), s.id \(direction)"
        case .id: "ORDER BY s.id \(direction)"
        }
    }

    fileprivate func begin(at id: Int64, _ conditions: inout SQLConditions) {
        let comparison = descending ? "<=" : ">="
        switch sort {
        case .startTime:
            conditions.add(
                "(s.start_time, s.id) \(comparison) (SELECT start_time, id FROM spans WHERE id = ?)", .integer(id))
        case .id: conditions.add("s.id \(comparison) ?", .integer(id))
        }
    }
}

extension AttributeEquality {
    /// Both engines compare values of the attribute's own type: the number 1 is not the text "1".
    fileprivate func add(to conditions: inout SQLConditions, _ dialect: SQLDialect) {
        switch dialect {
        case .postgres:
            conditions.add("s.attributes::jsonb #> ?::text[]", .texts(path), comparedTo: "?::jsonb", .text(json))
        case .sqlite:
            let path = SQLValue.text(jsonPath)
            switch value {
            case .text(let text):
                conditions.add("json_type(s.attributes, ?) = 'text'", path)
                conditions.add("json_extract(s.attributes, ?)", path, comparedTo: "?", .text(text))
            case .integer(let number):
                conditions.add("json_type(s.attributes, ?) IN ('integer', 'real')", path)
                conditions.add("json_extract(s.attributes, ?)", path, comparedTo: "?", .integer(number))
            case .number(let number):
                conditions.add("json_type(s.attributes, ?) IN ('integer', 'real')", path)
                conditions.add("json_extract(s.attributes, ?)", path, comparedTo: "?", .real(number))
            case .boolean(let boolean):
                conditions.add("json_type(s.attributes, ?)", path, comparedTo: "?", .text(boolean ? "true" : "false"))
            }
        }
    }

    private var json: String {
        switch value {
        case .text(let text): JSONEscaping.quoted(text)
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let boolean): boolean ? "true" : "false"
        }
    }

    /// `$."a"."b"`, the form of SQLite's JSON functions. A key with a quote goes without quotes around it, since their end
    /// would be taken to be there; no key has a dot.
    private var jsonPath: String {
        "$"
            + path.map { key in
                let quoted = JSONEscaping.quoted(key)
                return key.contains("\"") ? ".\(quoted.dropFirst().dropLast())" : ".\(quoted)"
            }.joined()
    }
}

extension SQLRow {
    /// Text that is JSON, as the bytes that were stored.
    func json(_ column: Int) throws -> [UInt8] {
        try withBytes(column) { Array($0) }
    }
}
