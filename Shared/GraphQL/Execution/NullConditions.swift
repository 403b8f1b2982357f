/// Finds uses of `@skip` and `@include` whose condition is a variable that is null: a variable with a default may stand
/// there though it is nullable, so validation lets it pass (October 2021, 5.8.5), and only its value tells.
struct NullConditions {
    let variables: [String: InputValue]
    private(set) var locations: [Int32] = []

    init(_ document: Document, _ operation: OperationDefinition, _ variables: [String: InputValue]) {
        self.variables = variables
        guard operation.variableDefinitions.contains(where: { variables[$0.name.text]?.isNull == true }) else { return }
        visit(operation.selectionSet)
        for fragment in document.fragments { visit(fragment.selectionSet) }
    }

    private mutating func visit(_ set: SelectionSet) {
        for selection in set.selections {
            for directive in selection.directives { visit(directive) }
            switch selection {
            case .field(let field): if let inner = field.selectionSet { visit(inner) }
            case .inlineFragment(let fragment): visit(fragment.selectionSet)
            case .fragmentSpread: break
            }
        }
    }

    private mutating func visit(_ directive: Directive) {
        guard directive.name.text == "skip" || directive.name.text == "include" else { return }
        for argument in directive.arguments where argument.name.text == "if" {
            guard case .variable(let name, let location) = argument.value, variables[name]?.isNull == true else {
                continue
            }
            locations.append(location)
        }
    }
}
