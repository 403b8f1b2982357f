import Database

/// A name that filters know, with the expression that it stands for.
struct FilterField: Sendable {
    var name: String
    var type: FilterType
    /// The expression, given the engine and the alias of the row that has the field.
    var sql: @Sendable (SQLDialect, _ alias: String) -> String
    var isNullable = false
    /// Its values are upper case, and literals are made so.
    var isUpperCase = false
    /// For ids, which are shown as hexadecimal digits and stored as bytes.
    var id: FilterID?
    /// Powers of ten between which its numbers lie that are not 0.
    var magnitude = Magnitude(low: -9, high: 20)
    /// Its numbers may be any; those that arithmetic cannot do with are missing there.
    var isBounded = true
    /// It stands for a field of any element of a collection, and only takes `in`.
    var anyOf: (collection: FilterCollection, field: String)?
    /// Something that is never less than the field, and cheaper.
    var upperBound: (@Sendable (_ alias: String) -> String)?

    static func column(_ name: String, _ type: FilterType, _ column: String? = nil) -> FilterField {
        let column = column ?? name
        return FilterField(name: name, type: type, sql: { _, alias in "\(alias).\(column)" })
    }

    /// A whole number of a column, as the floating-point number that all arithmetic is done in.
    static func number(
        _ name: String, dividedBy divisor: Int = 1, _ expression: @escaping @Sendable (_ alias: String) -> String
    ) -> FilterField {
        FilterField(
            name: name, type: .number,
            sql: { dialect, alias in
                let number = dialect.real(expression(alias))
                return divisor == 1 ? number : "(\(number) / \(dialect.real("\(divisor)")))"
            })
    }

    /// Milliseconds between two columns of nanoseconds.
    static func latency(_ name: String) -> FilterField {
        .number(name, dividedBy: 1_000_000) { "(\($0).end_time - \($0).start_time)" }
    }

    /// Dollars of nano-dollars.
    static func cost(_ name: String, _ expression: @escaping @Sendable (_ alias: String) -> String) -> FilterField {
        .number(name, dividedBy: 1_000_000_000, expression)
    }
}

/// How an id is looked up by its bytes.
struct FilterID: Sendable {
    var byteCount: Int
    /// That the row's id is among `list`, the parameters' numbers with commas between.
    var isAmong: @Sendable (_ dialect: SQLDialect, _ alias: String, _ list: String) -> String
}

/// Powers of ten between which the absolute value of a number lies that is not 0.
struct Magnitude: Sendable {
    var low: Double
    var high: Double

    /// Of attributes and scores within arithmetic.
    static let operand = Magnitude(low: -30, high: 30)
}

extension SQLDialect {
    /// An expression as a floating-point number of eight bytes.
    func real(_ expression: String) -> String {
        switch self {
        case .postgres: "(\(expression))::float8"
        case .sqlite: "CAST(\(expression) AS REAL)"
        }
    }

    /// Bytes as lowercase hexadecimal digits.
    func hexadecimal(_ expression: String) -> String {
        switch self {
        case .postgres: "encode(\(expression), 'hex')"
        case .sqlite: "lower(hex(\(expression)))"
        }
    }
}
