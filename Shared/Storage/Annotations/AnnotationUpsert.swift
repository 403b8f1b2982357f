import Database
import Domain

/// Writes annotations whose targets' rows are known.
enum AnnotationUpsert {
    /// What a target may have one of.
    struct Key: Hashable, Comparable {
        var targetID: Int64
        var documentPosition: Int64
        var name: String
        var identifier: String

        /// By bytes, the same for every writer: rows are locked in this order.
        static func < (left: Key, right: Key) -> Bool {
            if left.targetID != right.targetID { return left.targetID < right.targetID }
            if left.documentPosition != right.documentPosition { return left.documentPosition < right.documentPosition }
            if left.name != right.name { return left.name.utf8.lexicographicallyPrecedes(right.name.utf8) }
            return left.identifier.utf8.lexicographicallyPrecedes(right.identifier.utf8)
        }
    }

    struct Row {
        var key: Key
        var content: AnnotationContent
        var time: Int64
    }

    /// Stores annotations, each in the place of an older one of its key, and returns their ids in the order given. Of
    /// several with one key the newest counts, of equally new ones the last.
    static func run(_ rows: [Row], _ subject: AnnotationSubject, on connection: DatabaseConnection) throws -> [Int64] {
        var newest: [Key: Row] = [:]
        for row in rows where newest[row.key].map({ $0.time <= row.time }) ?? true { newest[row.key] = row }
        let sorted = newest.values.sorted { $0.key < $1.key }
        let stored = try statement(subject).run(on: connection, rowCount: sorted.count, values: values(sorted, subject))
        var ids: [Key: Int64] = [:]
        for row in stored {
            let isDocument = subject == .document
            let key = Key(
                targetID: try row.integer(1), documentPosition: isDocument ? try row.integer(4) : -1,
                name: try row.text(2), identifier: try row.text(3))
            ids[key] = try row.integer(0)
        }
        return rows.compactMap { ids[$0.key] }
    }

    private static func statement(_ subject: AnnotationSubject) -> Upsert {
        var columns: [(name: String, type: Upsert.ColumnType)] = [(subject.targetColumn, .integer)]
        if subject == .document { columns.append(("document_position", .integer)) }
        let keyCount = columns.count
        columns += [
            ("name", .text), ("identifier", .text), ("annotator_kind", .text), ("label", .text), ("score", .real),
            ("explanation", .text), ("metadata", .text), ("source", .text), ("user_id", .integer),
            ("created_at", .integer), ("updated_at", .integer),
        ]
        let key = columns.prefix(keyCount + 2).map(\.name)
        // A condition on the update would leave the older one's id unsaid.
        let assignments = columns.map(\.name).filter { !key.contains($0) && $0 != "created_at" }.map { column in
            """
            \(column) = CASE WHEN excluded.updated_at >= \(subject.table).updated_at
                THEN excluded.\(column) ELSE \(subject.table).\(column) END
            """
        }
        let position = subject == .document ? ", document_position" : ""
        return Upsert(
            table: subject.table, columns: columns,
            onConflict: "(\(key.joined(separator: ", "))) DO UPDATE SET \(assignments.joined(separator: ", "))",
            returning: "id, \(subject.targetColumn), name, identifier\(position)")
    }

    private static func values(_ rows: [Row], _ subject: AnnotationSubject) -> [SQLValue] {
        var values: [SQLValue] = [.integers(rows.map(\.key.targetID))]
        if subject == .document { values.append(.integers(rows.map(\.key.documentPosition))) }
        let contents = rows.map(\.content)
        return values + [
            .texts(contents.map(\.name)), .texts(contents.map(\.identifier)),
            .texts(contents.map(\.annotatorKind.rawValue)), .texts(contents.map(\.label)),
            .reals(contents.map(\.score)), .texts(contents.map(\.explanation)), .texts(contents.map(\.metadata)),
            .texts(contents.map(\.source.rawValue)), .optionalIntegers(contents.map(\.userID)),
            .integers(rows.map(\.time)), .integers(rows.map(\.time)),
        ]
    }
}
