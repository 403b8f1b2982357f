/// One side of a comparison, before its type is settled by the other.
enum FilterOperand {
    case literal(FilterLiteral)
    case list([FilterLiteral])
    case value(FilterValue, FilterType)
    /// Takes the type of what it is compared with.
    case attribute(AttributePath)
    case annotation(AnnotationSlot)
    case parentSpan(FilterScope)
}

extension FilterLiteral {
    /// Nil for None.
    var type: FilterType? {
        switch self {
        case .text: .text
        case .number: .number
        case .boolean: .boolean
        case .none: nil
        }
    }
}

extension FilterSyntax {
    /// The literal that this is, a number's sign included.
    var literal: FilterLiteral? {
        switch kind {
        case .literal(let literal): return literal
        case .negative(let part):
            guard case .number(let number)? = part.literal else { return nil }
            return .number(-number)
        default: return nil
        }
    }
}
