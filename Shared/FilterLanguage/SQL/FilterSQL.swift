import Database

/// Writes a filter's condition as SQL, with every value of the filter a parameter.
struct FilterSQL {
    let dialect: SQLDialect
    private let firstParameter: Int
    private(set) var values: [SQLValue] = []
    private var parameters: [SQLValue: Int] = [:]
    private var aliases: [FilterScope: String]
    private var annotationAliases: [AnnotationSlot: String] = [:]
    private var aliasCount = 0
    /// The root spans that are being read, by the row that they stand for.
    private var rootAliases: [FilterScope: String] = [:]

    init(dialect: SQLDialect, root alias: String, firstParameter: Int) {
        self.dialect = dialect
        self.firstParameter = firstParameter
        aliases = [.root: alias]
    }

    /// A parameter's `$n`, the same for the same value.
    mutating func parameter(_ value: SQLValue) -> String {
        let number = parameters[value] ?? values.count + firstParameter
        if parameters[value] == nil {
            parameters[value] = number
            values.append(value)
        }
        return dialect == .postgres ? "$\(number)::\(value.postgresType)" : "$\(number)"
    }

    func alias(_ scope: FilterScope) -> String { aliases[scope] ?? "missing" }

    private mutating func newAlias() -> String {
        aliasCount += 1
        return "f\(aliasCount)"
    }

    /// The column that a path begins in.
    func attributes(_ path: AttributePath) -> String {
        "\((path.root == nil ? nil : rootAliases[path.scope]) ?? alias(path.scope)).attributes"
    }

    /// An expression on the attributes that a path begins in, which may be those of another row; NULL where there is none.
    mutating func withAttributes(of path: AttributePath, _ expression: (inout FilterSQL) -> String) -> String {
        guard let root = path.root, rootAliases[path.scope] == nil else { return expression(&self) }
        let span = newAlias()
        rootAliases[path.scope] = span
        defer { rootAliases[path.scope] = nil }
        return "(SELECT \(expression(&self)) FROM \(root.source(dialect, span, of: alias(path.scope))))"
    }

    // MARK: Plans

    mutating func write(_ plan: FilterPlan) -> String {
        switch plan {
        case .and(let parts): return joined(parts.map { write($0) }, " AND ", empty: "TRUE")
        case .or(let parts): return joined(parts.map { write($0) }, " OR ", empty: "FALSE")
        case .plain(let condition): return writeTrue(condition)
        case .withoutAnnotation(let slot):
            let alias = newAlias()
            return "NOT EXISTS (SELECT 1 FROM \(slot.source.table) AS \(alias) WHERE \(belongs(slot, alias)))"
        case .annotated(let conditions, let slots, let required):
            return annotated(conditions, slots, required)
        }
    }

    private func joined(_ parts: [String], _ word: String, empty: String) -> String {
        parts.count == 1 ? parts[0] : parts.isEmpty ? empty : "(\(parts.joined(separator: word)))"
    }

    private mutating func belongs(_ slot: AnnotationSlot, _ alias: String) -> String {
        "\(slot.source.belongs(alias, to: self.alias(slot.scope))) AND \(alias).name = \(parameter(.text(slot.name)))"
    }

    private mutating func annotated(
        _ conditions: [FilterCondition], _ slots: [AnnotationSlot], _ required: Set<AnnotationSlot>
    ) -> String {
        for slot in slots { annotationAliases[slot] = newAlias() }
        defer { for slot in slots { annotationAliases[slot] = nil } }
        var wheres: [String] = []
        var sources: [String] = []
        // What must be there comes first, so that nothing else need be joined from where nothing is.
        for slot in slots.filter(required.contains) + slots.filter({ !required.contains($0) }) {
            guard let alias = annotationAliases[slot] else { continue }
            let condition = belongs(slot, alias)
            if required.contains(slot) {
                sources.append((sources.isEmpty ? "" : "CROSS JOIN ") + "\(slot.source.table) AS \(alias)")
                wheres.append(condition)
            } else {
                if sources.isEmpty { sources.append("(SELECT 1 AS one) AS \(newAlias())") }
                sources.append("LEFT JOIN \(slot.source.table) AS \(alias) ON \(condition)")
            }
        }
        wheres += conditions.map { writeTrue($0) }
        return "EXISTS (SELECT 1 FROM \(sources.joined(separator: " ")) WHERE \(wheres.joined(separator: " AND ")))"
    }

    // MARK: Conditions

    /// A condition of which it only matters whether it is true: what rules it out at little cost may stand in front.
    private mutating func writeTrue(_ condition: FilterCondition) -> String {
        switch condition {
        case .and(let parts): return joined(parts.map { writeTrue($0) }, " AND ", empty: "TRUE")
        case .or(let parts): return joined(parts.map { writeTrue($0) }, " OR ", empty: "FALSE")
        case .compare(.equal, .attribute(let path, .text), .literal(.text(let text))):
            return withAttributes(of: path) { $0.rulingOut(text, path, inAnyCase: false, $0.write(condition)) }
        case .attributeContains(let path, .literal(.text(let text))):
            return withAttributes(of: path) { $0.rulingOut(text, path, inAnyCase: true, $0.write(condition)) }
        default: return write(condition)
        }
    }

    mutating func write(_ condition: FilterCondition) -> String {
        switch condition {
        case .and(let parts): return joined(parts.map { write($0) }, " AND ", empty: "TRUE")
        case .or(let parts): return joined(parts.map { write($0) }, " OR ", empty: "FALSE")
        case .not(let part): return "(NOT \(write(part)))"
        case .firstKnown(let parts): return "COALESCE(\(parts.map { write($0) }.joined(separator: ", ")))"
        case .compare(let comparison, let left, let right): return compare(comparison, left, right)
        case .isOneOf(let value, let literals): return isOneOf(value, literals)
        case .isMissing(let value): return "(\(write(value)) IS NULL)"
        case .attributeIsMissing(let path): return "(COALESCE(\(attributeType(path)), 'null') = 'null')"
        case .contains(let haystack, let needle): return contains(write(haystack), needle)
        case .attributeContains(let path, let needle): return attributeContains(path, needle)
        case .isID(let field, let scope, let ids): return isID(field, scope, ids)
        case .hasParentSpan(let scope):
            return dialect.spanExists(withID: "\(alias(scope)).parent_id", as: newAlias())
        case .hasAnnotation(let slot): return "(\(annotationAliases[slot] ?? "missing").id IS NOT NULL)"
        case .some(let loop, let conditions):
            let source = self.source(loop, conditions)
            return "EXISTS (SELECT 1 FROM \(source))"
        }
    }

    private mutating func compare(
        _ comparison: ComparisonOperator, _ left: FilterValue, _ right: FilterValue
    ) -> String {
        // Text has one order everywhere, that of its bytes.
        let collation = dialect == .postgres && comparison.isOrder && left.isText ? " COLLATE \"C\"" : ""
        let sql = "(\(write(left))\(collation) \(comparison.sql) \(write(right)))"
        guard [.greater, .greaterOrEqual].contains(comparison), case .field(let field, let scope) = left,
            case .literal = right, let bound = field.upperBound
        else { return sql }
        return "(\(dialect.real(bound(alias(scope)))) \(comparison.sql) \(write(right)) AND \(sql))"
    }

    private mutating func isOneOf(_ value: FilterValue, _ literals: [FilterLiteral]) -> String {
        let sql = write(value)
        guard !literals.isEmpty else { return "(CASE WHEN \(sql) IS NOT NULL THEN FALSE END)" }
        let list = literals.map { write(.literal($0)) }.joined(separator: ", ")
        return "(\(sql) IN (\(list)))"
    }

    private mutating func isID(_ field: FilterField, _ scope: FilterScope, _ ids: [[UInt8]]) -> String {
        guard let id = field.id, !ids.isEmpty else {
            return field.isNullable
                ? "(CASE WHEN \(field.sql(dialect, alias(scope))) IS NOT NULL THEN FALSE END)" : "FALSE"
        }
        let list = ids.map { parameter(.bytes($0)) }.joined(separator: ", ")
        return "(\(id.isAmong(dialect, alias(scope), list)))"
    }

    /// What stands after FROM for a loop's elements, with their conditions.
    private mutating func source(_ loop: FilterLoop, _ conditions: [FilterCondition]) -> String {
        let alias = newAlias()
        aliases[loop.element] = alias
        let (from, belongs) = loop.collection.source(dialect, self.alias(loop.parent), alias)
        let all = [belongs] + conditions.map { write(FilterPlan($0)) }
        return "\(from) WHERE \(all.joined(separator: " AND "))"
    }

    // MARK: Values

    mutating func write(_ value: FilterValue) -> String {
        switch value {
        case .literal(let literal): return write(literal)
        case .time(let time): return parameter(.integer(time))
        case .field(let field, let scope): return field.sql(dialect, alias(scope))
        case .attribute(let path, let reading): return attribute(path, reading)
        case .annotation(let slot, let field): return "\(annotationAliases[slot] ?? "missing").\(field.rawValue)"
        case .negative(let part): return "(- \(write(part)))"
        case .arithmetic(let operation, let left, let right):
            return arithmetic(operation, write(bounded: left), write(bounded: right))
        case .aggregate(let aggregate, let loop, let conditions, let value):
            return self.aggregate(aggregate, loop, conditions, value)
        }
    }

    private mutating func write(_ literal: FilterLiteral) -> String {
        switch literal {
        case .text(let text): parameter(.text(text))
        case .number(let number): parameter(.real(number))
        case .boolean(let boolean): boolean ? "TRUE" : "FALSE"
        case .none: "NULL"
        }
    }

    /// A score may be any number; attributes are read within bounds already.
    private mutating func write(bounded value: FilterValue) -> String {
        let sql = write(value)
        switch value {
        case .field(let field, _) where field.isBounded: return sql
        case .annotation, .aggregate, .field:
            return "(CASE WHEN \(sql) = 0 OR abs(\(sql)) BETWEEN 1e-30 AND 1e30 THEN \(sql) END)"
        default: return sql
        }
    }

    private func arithmetic(_ operation: ArithmeticOperator, _ left: String, _ right: String) -> String {
        switch operation {
        case .add, .subtract, .multiply: "(\(left) \(operation.rawValue) \(right))"
        case .divide: "(\(left) / NULLIF(\(right), 0))"
        case .modulo: "(\(left) - \(right) * floor(\(left) / NULLIF(\(right), 0)))"
        }
    }

    private mutating func aggregate(
        _ aggregate: FilterAggregate, _ loop: FilterLoop, _ conditions: [FilterCondition], _ value: FilterValue?
    ) -> String {
        let source = self.source(loop, conditions)
        guard let value else { return "(SELECT \(dialect.real("COUNT(*)")) FROM \(source))" }
        let sql = write(bounded: value)
        let result =
            switch aggregate {
            case .count: "COUNT(v.x)"
            case .sum: "COALESCE(SUM(v.x), 0)"
            case .maximum: "MAX(v.x)"
            case .minimum: "MIN(v.x)"
            }
        // Sums of floating-point numbers depend on their order.
        return """
            (SELECT \(result) FROM (
                SELECT \(sql) AS x FROM \(source) ORDER BY \(alias(loop.element)).id) AS v)
            """
    }
}

extension FilterValue {
    fileprivate var isText: Bool {
        switch self {
        case .literal(.text), .attribute(_, .text): true
        case .field(let field, _): field.type == .text
        default: false
        }
    }
}

extension SQLValue {
    fileprivate var postgresType: String {
        switch self {
        case .integer: "int8"
        case .real: "float8"
        case .bytes: "bytea"
        case .boolean: "bool"
        default: "text"
        }
    }
}
