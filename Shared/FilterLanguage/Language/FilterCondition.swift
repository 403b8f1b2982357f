/// A filter after its names and types were checked: what SQL is made of.
///
/// A condition is true, false or unknown. Whatever is compared with a missing value is unknown, and so is its negation.
indirect enum FilterCondition: Sendable {
    case and([FilterCondition])
    case or([FilterCondition])
    case not(FilterCondition)
    /// Both sides have one type.
    case compare(ComparisonOperator, FilterValue, FilterValue)
    /// That a value is one of some literals of its type.
    case isOneOf(FilterValue, [FilterLiteral])
    case isMissing(FilterValue)
    case attributeIsMissing(AttributePath)
    /// Containment without regard to case.
    case contains(FilterValue, needle: FilterValue)
    /// The same in an attribute: in its text, or in any text within its list or object.
    case attributeContains(AttributePath, needle: FilterValue)
    /// The first of them that is not unknown.
    case firstKnown([FilterCondition])
    /// That an id is one of some.
    case isID(FilterField, FilterScope, [[UInt8]])
    case hasParentSpan(FilterScope)
    /// That there is an annotation of this name.
    case hasAnnotation(AnnotationSlot)
    /// That there is an element for which all conditions hold.
    case some(FilterLoop, [FilterCondition])
}

extension FilterCondition {
    /// Whether the row itself is without a parent wherever this is true. False only says that this is not known.
    var impliesNoParent: Bool {
        switch self {
        case .and(let parts): parts.contains(where: \.impliesNoParent)
        case .or(let parts): !parts.isEmpty && parts.allSatisfy(\.impliesNoParent)
        case .not(.hasParentSpan(.root)): true
        case .not(.not(let condition)): condition.impliesNoParent
        case .isMissing(.field(let field, .root)): field.name == FilterVocabulary.parentIDName
        default: false
        }
    }

    /// Whether the row's own id, or its trace's, is one of some wherever this is true: rows that an index finds. False only
    /// says that this is not known.
    var impliesKnownID: Bool {
        switch self {
        case .and(let parts): parts.contains(where: \.impliesKnownID)
        case .or(let parts): !parts.isEmpty && parts.allSatisfy(\.impliesKnownID)
        case .not(.not(let condition)): condition.impliesKnownID
        case .isID(let field, .root, _): field.name != FilterVocabulary.parentIDName
        default: false
        }
    }
}

/// A value of a known type.
indirect enum FilterValue: Sendable {
    case literal(FilterLiteral)
    /// Nanoseconds since 1970.
    case time(Int64)
    case field(FilterField, FilterScope)
    case attribute(AttributePath, AttributeReading)
    case annotation(AnnotationSlot, AnnotationField)
    case negative(FilterValue)
    case arithmetic(ArithmeticOperator, FilterValue, FilterValue)
    case aggregate(FilterAggregate, FilterLoop, [FilterCondition], FilterValue?)
}

enum FilterType: String, Sendable {
    case text, number, boolean, time

    /// As a message names it.
    var described: String {
        switch self {
        case .text: "text"
        case .number: "a number"
        case .boolean: "True or False"
        case .time: "a time"
        }
    }
}

/// Whose fields are meant: the filtered row is 0, each loop's element has the next free number.
struct FilterScope: Hashable, Sendable {
    var number: Int

    static let root = FilterScope(number: 0)
}

/// Where in a span's attributes a value is.
struct AttributePath: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case key(String)
        /// From 0; negative numbers count from the end.
        case index(Int32)
    }

    var scope: FilterScope
    var steps: [Step]
    /// The span whose attributes are meant, where the row itself is none.
    var root: RootSpan?
}

/// What an attribute is taken for; a value that cannot be taken so is missing.
enum AttributeReading: Sendable {
    case text
    /// A number, or text that is one.
    case number
    /// The same, for arithmetic: neither so large nor so small that a product of some could not be represented.
    case operand
    case boolean
}

/// The annotations of one name, of which any one must satisfy a whole condition.
struct AnnotationSlot: Hashable, Sendable {
    var scope: FilterScope
    var source: AnnotationSource
    var name: String
}

enum AnnotationField: String, CaseIterable, Sendable {
    case label, score, explanation, identifier
}

enum FilterAggregate: Sendable {
    case count, sum, maximum, minimum
}

/// `for variable in collection`: the elements and the scope that they have.
struct FilterLoop: Sendable {
    var collection: FilterCollection
    var parent: FilterScope
    var element: FilterScope
}
