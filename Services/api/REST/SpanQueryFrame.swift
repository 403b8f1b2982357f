import Domain
import HTTP

/// A table as pandas reads it: JSON with a table schema, the form of `DataFrame.to_json(orient="table")`.
///
/// Names stand behind their column's number, since pandas knows no two columns of one name and a query may ask for one.
struct SpanQueryFrame {
    enum Cell {
        case null
        case time(Int64)
        case value(JSONValue)
    }

    var indexNames: [String]
    var columnNames: [String]
    /// For each row the index's cells, then the columns'.
    var rows: [[Cell]] = []

    func write(to json: inout JSONWriter) {
        let unique = (indexNames + columnNames).enumerated().map { "\($0)_\($1)" }
        json.object {
            $0.field("schema") {
                $0.key("fields")
                $0.array(unique.indices) { json, column in
                    json.object { $0.fieldOfSchema(named: unique[column], type: type(ofColumn: column)) }
                }
                $0.key("primaryKey")
                $0.array(unique.prefix(indexNames.count)) { $0.value($1) }
                $0.field("pandas_version", "1.4.0")
            }
            $0.key("data")
            $0.array(rows) { json, row in
                json.object {
                    for (name, cell) in zip(unique, row) {
                        $0.key(name)
                        $0.value(cell)
                    }
                }
            }
        }
    }

    enum ColumnType {
        case any, integer, number, boolean, time
    }

    /// pandas' own types have no place for missing values but among floating-point numbers and times.
    private func type(ofColumn column: Int) -> ColumnType {
        var type: ColumnType?
        var hasNull = false
        for row in rows {
            let cell: ColumnType
            switch row[column] {
            case .null, .value(.null):
                hasNull = true
                continue
            case .time: cell = .time
            case .value(.integer): cell = .integer
            case .value(.real): cell = .number
            case .value(.boolean): cell = .boolean
            case .value: cell = .any
            }
            if let known = type, known != cell {
                guard [known, cell].allSatisfy({ $0 == .integer || $0 == .number }) else { return .any }
                type = .number
            } else {
                type = cell
            }
        }
        guard let type else { return .any }
        guard hasNull else { return type }
        return type == .integer ? .number : type == .boolean ? .any : type
    }
}

extension JSONWriter {
    fileprivate mutating func fieldOfSchema(named name: String, type: SpanQueryFrame.ColumnType) {
        field("name", name)
        switch type {
        case .any: field("type", "any")
        case .integer: field("type", "integer")
        case .number: field("type", "number")
        case .boolean: field("type", "boolean")
        case .time:
            field("type", "datetime")
            field("tz", "UTC")
        }
    }

    fileprivate mutating func value(_ cell: SpanQueryFrame.Cell) {
        switch cell {
        case .null: null()
        case .time(let time): value(Timestamp.iso8601(time, suffix: "Z"))
        case .value(let json): value(json)
        }
    }
}
