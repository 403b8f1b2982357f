import Database
import FilterLanguage

/// The conditions of a WHERE and their values, which are always parameters: `?` in a condition's text becomes the next `$n`.
struct SQLConditions {
    private(set) var values: [SQLValue] = []
    private var texts: [String] = []

    init() {}

    /// Conditions of an outer statement, numbered on from those of an inner one.
    init(after inner: SQLConditions) {
        values = inner.values
    }

    /// All of them, joined by AND; true where there are none.
    var sql: String { texts.isEmpty ? "TRUE" : texts.joined(separator: " AND ") }

    mutating func add(_ text: String, _ value: SQLValue) {
        values.append(value)
        texts.append(text.replacingFirst("?", with: "$\(values.count)"))
    }

    /// That one expression with a value equals another with a value.
    mutating func add(_ left: String, _ leftValue: SQLValue, comparedTo right: String, _ rightValue: SQLValue) {
        let start = values.count
        values += [leftValue, rightValue]
        let left = left.replacingFirst("?", with: "$\(start + 1)")
        texts.append("\(left) = \(right.replacingFirst("?", with: "$\(start + 2)"))")
    }

    /// A condition that was written elsewhere, given the number of its first parameter.
    mutating func add(_ write: (_ firstParameter: Int) -> (sql: String, values: [SQLValue])) {
        let (sql, more) = write(values.count + 1)
        values += more
        texts.append(sql)
    }

    /// Adds a value that no condition names, and returns its `$n`.
    mutating func addValue(_ value: SQLValue) -> String {
        values.append(value)
        return "$\(values.count)"
    }

    /// A condition without a value.
    mutating func add(_ text: String) {
        texts.append(text)
    }

    /// That a column is one of the values; none of them is never true.
    mutating func add(_ column: String, isOneOf options: [SQLValue]) {
        add(options) { "\(column) IN (\($0))" }
    }

    /// That `span`, a name for `spans`, is one of those with these ids; none of them is never true.
    mutating func addSpan(_ span: String, hasIDAmong ids: [SQLValue], _ dialect: SQLDialect) {
        add(ids) { dialect.span(span, hasIDAmong: $0) }
    }

    private mutating func add(_ options: [SQLValue], _ condition: (_ list: String) -> String) {
        guard !options.isEmpty else {
            texts.append("FALSE")
            return
        }
        let numbers = options.indices.map { "$\(values.count + $0 + 1)" }
        values += options
        texts.append(condition(numbers.joined(separator: ", ")))
    }
}

extension String {
    fileprivate func replacingFirst(_ mark: Character, with text: String) -> String {
        guard let position = firstIndex(of: mark) else { return self }
        return String(self[..<position]) + text + String(self[index(after: position)...])
    }
}
