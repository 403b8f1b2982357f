/// A filter as it is written: what the parser makes of the tokens, before anybody asks whether names exist and types fit.
struct FilterSyntax {
    indirect enum Kind {
        case literal(FilterLiteral)
        case list([FilterSyntax])
        case name(String)
        /// `base.member`
        case member(FilterSyntax, String)
        /// `base[index]`
        case element(FilterSyntax, FilterSyntax)
        case call(FilterSyntax, [FilterSyntax])
        /// `element for variable in source if condition`, alone or in brackets.
        case comprehension(Comprehension)
        case negative(FilterSyntax)
        case arithmetic(ArithmeticOperator, FilterSyntax, FilterSyntax)
        /// `first < second <= third`: each neighbouring pair.
        case comparison(FilterSyntax, [(ComparisonOperator, FilterSyntax)])
        case not(FilterSyntax)
        case and([FilterSyntax])
        case or([FilterSyntax])
    }

    struct Comprehension {
        var element: FilterSyntax
        var variable: String
        var source: FilterSyntax
        var conditions: [FilterSyntax]
    }

    var kind: Kind
    /// In Unicode scalars.
    var range: Range<Int>
    /// How many expressions stand within one another here.
    var depth: Int
}

/// A value that a filter names.
enum FilterLiteral: Hashable, Sendable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    case none
}

enum ArithmeticOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case modulo = "%"
}

enum ComparisonOperator: Hashable, Sendable {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case isEqual, isNotEqual
    case isIn, isNotIn

    var isOrder: Bool { [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(self) }

    /// As it is written in SQL; `is` and `in` have forms of their own.
    var sql: String {
        switch self {
        case .equal, .isEqual: "="
        case .notEqual, .isNotEqual: "<>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .isIn: "IN"
        case .isNotIn: "NOT IN"
        }
    }

    /// The same comparison with its sides exchanged.
    var mirrored: ComparisonOperator {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        default: self
        }
    }
}
