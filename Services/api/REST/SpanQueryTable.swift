import Domain
import FilterLanguage
import HTTP
import Storage

/// One query of a request, understood, with the table that grows from the spans that it is given.
struct SpanQueryTable {
    let filter: SpanFilter?
    private let index: (name: String, key: SpanQueryKey)
    private let columns: [(name: String, key: SpanQueryKey)]
    private let explosion: SpanQueryElements?
    private let concatenation: SpanQueryElements?
    private let separator: String
    private let isWhole: Bool
    private let rename: [String: String]
    private var rows: [Row] = []
    /// Where each trace comes among the others: as its newest span does.
    private var tracePlaces: [TraceID: Int] = [:]
    /// What spans, or elements of lists, turn out to have.
    private var found = FoundColumns()

    private struct Row {
        var tracePlace: Int
        var startTime: Int64
        var spanRowID: Int64
        /// The index's first. Columns that were found later are missing at the end.
        var cells: [SpanQueryFrame.Cell]

        var place: (Int, Int64, Int64) { (tracePlace, startTime, spanRowID) }
    }

    /// Throws `ValidationError` for the part of the query that cannot be used. `location` is the query's own.
    init(_ query: SpanQueryRequest.Query, at location: [ValidationError.Step]) throws {
        func checked<T>(_ path: [String], _ make: () throws -> T) throws -> T {
            do {
                return try make()
            } catch let error as FilterError {
                throw ValidationError(location + path.map { .key($0) }, error.description)
            }
        }
        filter = try query.filter.map { filter in
            try checked(["filter", "condition"]) { try SpanFilter(filter.condition) }
        }
        let indexKey = query.index?.key ?? "context.span_id"
        index = (Self.columnName(indexKey), try checked(["index", "key"]) { try SpanQueryKey(indexKey) })
        explosion = try query.explode.map { explode in
            try checked(["explode"]) { try SpanQueryElements(explode.key, explode.kwargs, order: query.explodedNames) }
        }
        concatenation = try query.concat.map { concat in
            try checked(["concat"]) { try SpanQueryElements(concat.key, concat.kwargs, order: query.concatenatedNames) }
        }
        separator = query.concat?.separator ?? "\n\n"
        rename = query.rename ?? [:]
        isWhole = query.select?.isEmpty ?? true && query.explode == nil && query.concat == nil
        // What is the index is no column too, but among whole spans, where clients look for both.
        let selected = try (query.select ?? [:]).ordered(query.selectedNames)
            .filter { [index = index.name] in $0.key != index }
            .map { name, projection in
                (Self.columnName(name), try checked(["select", name]) { try SpanQueryKey(projection.key) })
            }
        columns = isWhole ? Self.wholeColumns : selected
    }

    private static func columnName(_ key: String) -> String {
        switch key {
        case "span_id", "trace_id": "context.\(key)"
        default: key
        }
    }

    private static let wholeColumns: [(String, SpanQueryKey)] = [
        ("name", .field(.name)), ("span_kind", .field(.kind)), ("parent_id", .field(.parentID)),
        ("start_time", .field(.startTime)), ("end_time", .field(.endTime)), ("status_code", .field(.statusCode)),
        ("status_message", .field(.statusMessage)), ("events", .field(.events)), ("context.span_id", .field(.spanID)),
        ("context.trace_id", .field(.traceID)),
    ]

    var needsCumulativeTokens: Bool {
        index.key.needsCumulativeTokens || columns.contains { $0.key.needsCumulativeTokens }
    }

    // MARK: Rows

    /// Adds a span's row, or its rows where a list is exploded. A span without a list that is asked for has none.
    mutating func add(_ span: SpanQuerySpan) {
        let exploded = explosion?.elements(of: span)
        let joined = concatenation?.elements(of: span)
        guard (explosion == nil) == (exploded == nil), (concatenation == nil) == (joined == nil) else { return }
        let index = span.cell(index.key)
        var cells = columns.map { isWhole ? span.wholeCell($0.key) : span.cell($0.key) }
        if let concatenation, let joined { cells += concatenation.joined(joined, separator: separator) }
        if isWhole {
            cells += found.cells(SemanticAttributes.columns(of: span.attributes).map { ("attributes.\($0)", $1) })
        }
        guard let explosion, let exploded else { return append([index] + cells, span) }
        for (position, element) in exploded.enumerated() {
            let parts =
                explosion.parts.isEmpty ? found.cells(explosion.leaves(of: element)) : explosion.cells(of: element)
            append([index, .value(.integer(Int64(position)))] + cells + parts, span)
        }
    }

    private mutating func append(_ cells: [SpanQueryFrame.Cell], _ span: SpanQuerySpan) {
        let place = tracePlaces[span.record.traceID] ?? tracePlaces.count
        tracePlaces[span.record.traceID] = place
        let skeleton = span.record.skeleton
        rows.append(Row(tracePlace: place, startTime: skeleton.startTime, spanRowID: skeleton.id, cells: cells))
    }

    // MARK: The table

    /// Whole spans the newest first; what is selected from spans trace by trace, and within a trace as it happened.
    private var orderedRows: [[SpanQueryFrame.Cell]] {
        guard !isWhole else { return rows.map(\.cells) }
        return rows.enumerated().sorted { first, second in
            first.element.place < second.element.place
                || first.element.place == second.element.place && first.offset < second.offset
        }.map(\.element.cells)
    }

    func frame() -> SpanQueryFrame {
        var indexNames = [index.name]
        if let explosion {
            indexNames.append(explosion.name == "retrieval.documents" ? "document_position" : "position")
        }
        var names = columns.map(\.name) + (concatenation?.columnNames ?? [])
        names += (explosion?.parts ?? []).map(\.name) + found.names
        let width = indexNames.count + names.count
        return SpanQueryFrame(
            indexNames: indexNames, columnNames: names.map { rename[$0] ?? $0 },
            rows: orderedRows.map { $0 + [SpanQueryFrame.Cell](repeating: .null, count: width - $0.count) })
    }
}

/// Columns that are known by what is in them, in the order in which they were first seen.
private struct FoundColumns {
    private(set) var names: [String] = []
    private var places: [String: Int] = [:]

    /// One row's cells in these columns, of which there are more afterwards where values have new names.
    mutating func cells(_ values: [(name: String, value: JSONValue)]) -> [SpanQueryFrame.Cell] {
        var cells = [SpanQueryFrame.Cell](repeating: .null, count: names.count)
        for (name, value) in values {
            if let place = places[name] {
                cells[place] = .value(value)
            } else {
                places[name] = names.count
                names.append(name)
                cells.append(.value(value))
            }
        }
        return cells
    }
}
