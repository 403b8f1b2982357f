/// The answers to the fields of a group of objects, by column: one for each field, with a value for each object.
final class GroupResult: Sendable {
    /// What stands before each column's value: `{"key":` or `,"key":` in UTF-8.
    let keys: [[UInt8]]
    let columns: [ResponseColumn]
    /// For each object, whether it becomes null because of a field that may not be; nil where none does.
    let nulled: [Bool]?

    init(fields: [CollectedField], columns: [ResponseColumn], count: Int) {
        keys = fields.enumerated().map { position, field in
            var writer = JSONWriter()
            writer.append(position == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
            writer.writeKey(field.key)
            return writer.bytes
        }
        self.columns = columns
        var nulled: [Bool]?
        for column in columns where !column.nulledRows.isEmpty {
            var rows = nulled ?? [Bool](repeating: false, count: count)
            for row in column.nulledRows { rows[row] = true }
            nulled = rows
        }
        self.nulled = nulled
    }

    /// Objects all of which are null.
    init(nulled count: Int) {
        keys = []
        columns = []
        nulled = [Bool](repeating: true, count: count)
    }
}

/// One field's values for all objects of a group.
struct ResponseColumn: Sendable {
    enum Cells: Sendable {
        /// Scalars and enums without lists.
        case leaves([OutputValue])
        case cells([ResponseCell], [GroupResult])
    }

    var cells: Cells
    /// Objects for which the field is null though it may not be.
    var nulledRows: [Int] = []
}

/// A completed value.
enum ResponseCell: Sendable {
    case null
    case leaf(OutputValue)
    case list([ResponseCell])
    case object(group: Int32, row: Int32)
}

extension GroupResult {
    /// Writes one object with all that is below it.
    func write(row: Int, to writer: inout JSONWriter) {
        if columns.isEmpty { writer.append(UInt8(ascii: "{")) }
        for position in columns.indices {
            writer.append(keys[position])
            switch columns[position].cells {
            case .leaves(let values): writer.write(values[row])
            case .cells(let cells, let groups): cells[row].write(groups, to: &writer)
            }
        }
        writer.append(UInt8(ascii: "}"))
    }
}

extension ResponseCell {
    fileprivate func write(_ groups: [GroupResult], to writer: inout JSONWriter) {
        switch self {
        case .null: writer.writeNull()
        case .leaf(let value): writer.write(value)
        case .object(let group, let row): groups[Int(group)].write(row: Int(row), to: &writer)
        case .list(let items):
            writer.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { writer.append(UInt8(ascii: ",")) }
                item.write(groups, to: &writer)
            }
            writer.append(UInt8(ascii: "]"))
        }
    }
}
