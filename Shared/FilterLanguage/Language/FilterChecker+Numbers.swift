import Foundation

extension FilterChecker {
    // A double reaches from 1e-307 to 1e308; databases differ in what they do beyond.
    private static let exponentMax = 300.0

    /// A sum, product, … of numbers. Of literals alone it is a literal.
    mutating func arithmetic(_ syntax: FilterSyntax) throws(FilterError) -> FilterOperand {
        let (value, _) = try number(syntax)
        if case .literal(let literal) = value { return .literal(literal) }
        return .value(value, .number)
    }

    private mutating func number(
        _ syntax: FilterSyntax
    ) throws(FilterError) -> (value: FilterValue, magnitude: Magnitude) {
        switch syntax.kind {
        case .negative(let part):
            let (value, magnitude) = try number(part)
            if case .literal(.number(let number)) = value { return (.literal(.number(-number)), magnitude) }
            return (.negative(value), magnitude)
        case .arithmetic(let operation, let left, let right):
            return try result(operation, try number(left), try number(right), syntax)
        default: return try operandNumber(syntax)
        }
    }

    private mutating func operandNumber(
        _ syntax: FilterSyntax
    ) throws(FilterError) -> (value: FilterValue, magnitude: Magnitude) {
        switch try operand(syntax) {
        case .literal(.number(let number)):
            let exponent = number == 0 ? 0 : log10(abs(number))
            return (.literal(.number(number)), Magnitude(low: exponent.rounded(.down), high: exponent.rounded(.up)))
        case .attribute(let path): return (.attribute(path, .operand), .operand)
        case .value(.attribute(let path, .number), .number): return (.attribute(path, .operand), .operand)
        case .value(let value, .number):
            guard case .field(let field, _) = value else { return (value, .operand) }
            return (value, field.isBounded ? field.magnitude : .operand)
        default: throw error("\(shown(syntax)) is not a number", syntax)
        }
    }

    private func result(
        _ operation: ArithmeticOperator, _ left: (value: FilterValue, magnitude: Magnitude),
        _ right: (value: FilterValue, magnitude: Magnitude), _ syntax: FilterSyntax
    ) throws(FilterError) -> (value: FilterValue, magnitude: Magnitude) {
        let magnitude = Self.magnitude(operation, left.magnitude, right.magnitude)
        guard magnitude.low >= -Self.exponentMax, magnitude.high <= Self.exponentMax else {
            throw error("\(shown(syntax)) can become too large or too small to be computed", syntax)
        }
        if operation == .modulo, left.value.hasModulo || right.value.hasModulo {
            throw error("\(shown(syntax)): a remainder of a remainder is not supported", syntax)
        }
        guard case .literal(.number(let first)) = left.value, case .literal(.number(let second)) = right.value else {
            return (.arithmetic(operation, left.value, right.value), magnitude)
        }
        let number = Self.compute(operation, first, second)
        guard number.isFinite else { throw error("\(shown(syntax)) is not a number", syntax) }
        return (.literal(.number(number)), magnitude)
    }

    /// Differences can be as small as the last digit of their larger side.
    private static func magnitude(_ operation: ArithmeticOperator, _ left: Magnitude, _ right: Magnitude) -> Magnitude {
        switch operation {
        case .add, .subtract:
            Magnitude(low: min(left.low, right.low) - 17, high: max(left.high, right.high) + 1)
        case .multiply: Magnitude(low: left.low + right.low, high: left.high + right.high)
        case .divide: Magnitude(low: left.low - right.high, high: left.high - right.low)
        case .modulo:
            Magnitude(
                low: min(left.low, right.low, left.low - right.high) - 17,
                high: max(left.high, right.high, left.high - right.low) + 1)
        }
    }

    private static func compute(_ operation: ArithmeticOperator, _ left: Double, _ right: Double) -> Double {
        switch operation {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        case .modulo: left - right * (left / right).rounded(.down)
        }
    }
}

extension FilterValue {
    /// Whether a remainder is within, whose SQL names its operands twice.
    fileprivate var hasModulo: Bool {
        switch self {
        case .arithmetic(let operation, let left, let right):
            operation == .modulo || left.hasModulo || right.hasModulo
        case .negative(let value): value.hasModulo
        default: false
        }
    }
}
