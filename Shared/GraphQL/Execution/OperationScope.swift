/// What all fields of one operation share: its fragments and the coerced values of its variables.
final class OperationScope: Sendable {
    let document: Document
    let schema: Schema
    let fragments: [String: FragmentDefinition]
    let variables: [String: InputValue]

    init(
        document: Document, schema: Schema, fragments: [String: FragmentDefinition], variables: [String: InputValue]
    ) {
        self.document = document
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
    }

    /// Whether `@skip` and `@include` leave a selection in the answer (October 2021, 3.13).
    func isIncluded(_ directives: [Directive]) -> Bool {
        for directive in directives {
            if directive.name.text == "skip", condition(directive) == true { return false }
            if directive.name.text == "include", condition(directive) == false { return false }
        }
        return true
    }

    private func condition(_ directive: Directive) -> Bool? {
        guard let value = directive.arguments.first(where: { $0.name.text == "if" })?.value else { return nil }
        switch value {
        case .boolean(let flag, _): return flag
        case .variable(let name, _):
            if case .boolean(let flag)? = variables[name] { return flag }
            return false
        default: return nil
        }
    }

    func matches(_ condition: Name?, _ typeName: String) -> Bool {
        guard let condition else { return true }
        return schema.isPossible(typeName, as: condition.text)
    }
}

/// The selections of one response key, merged.
struct CollectedField: Sendable {
    let key: String
    var nodes: [FieldSelection]

    var selectionSets: [SelectionSet] { nodes.compactMap(\.selectionSet) }
}

/// Puts the fields of selection sets together in the document's order (October 2021, 6.3.2).
struct FieldCollector {
    let scope: OperationScope
    let typeName: String
    private(set) var fields: [CollectedField] = []
    private var positions: [String: Int] = [:]
    private var visitedFragments: Set<String> = []

    init(_ scope: OperationScope, typeName: String) {
        self.scope = scope
        self.typeName = typeName
    }

    static func fields(
        of sets: [SelectionSet], _ scope: OperationScope, typeName: String
    ) -> [CollectedField] {
        var collector = FieldCollector(scope, typeName: typeName)
        for set in sets { collector.collect(set) }
        return collector.fields
    }

    private mutating func collect(_ set: SelectionSet) {
        for selection in set.selections {
            let directives = selection.directives
            if !directives.isEmpty, !scope.isIncluded(directives) { continue }
            switch selection {
            case .field(let field): add(field)
            case .inlineFragment(let fragment):
                guard scope.matches(fragment.typeCondition, typeName) else { continue }
                collect(fragment.selectionSet)
            case .fragmentSpread(let spread):
                guard visitedFragments.insert(spread.name.text).inserted,
                    let fragment = scope.fragments[spread.name.text],
                    scope.matches(fragment.typeCondition, typeName)
                else { continue }
                collect(fragment.selectionSet)
            }
        }
    }

    private mutating func add(_ field: FieldSelection) {
        let key = field.responseKey
        if let position = positions[key] {
            fields[position].nodes.append(field)
        } else {
            positions[key] = fields.count
            fields.append(CollectedField(key: key, nodes: [field]))
        }
    }
}
