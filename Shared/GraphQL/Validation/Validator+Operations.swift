/// Operations and their variables' definitions (October 2021, 5.2 and 5.8).
extension Validator {
    mutating func checkOperation(_ operation: OperationDefinition) {
        if let name = operation.name {
            if let known = knownOperationNames[name.text] {
                report("There can be only one operation named '\(name.text)'.", at: known.location, name.location)
            } else {
                knownOperationNames[name.text] = name
            }
        } else if document.operations.count > 1 {
            report("This anonymous operation must be the only defined operation.", at: operation.location)
        }
        if operation.kind == .subscription { checkSingleField(of: operation) }
        checkVariableNamesAreUnique(operation)
        checkUnique(operation.directives)
        usages = []
        field = nil
        nullableVariables = []
        for variable in operation.variableDefinitions { checkVariableDefinition(variable) }
        checkDirectives(operation.directives, at: operation.kind.directiveLocation)
        checkSelectionSet(operation.selectionSet, parent: schema.rootType(of: operation.kind))
        finishedOperations.append(
            FinishedOperation(definition: operation, usages: usages, errorCount: errors.count))
    }

    private mutating func checkVariableNamesAreUnique(_ operation: OperationDefinition) {
        guard operation.variableDefinitions.count > 1 else { return }
        for names in repeated(operation.variableDefinitions.map(\.name)) {
            report("There can be only one variable named '$\(names[0].text)'.", atAll: names.map(\.location))
        }
    }

    private mutating func checkVariableDefinition(_ variable: VariableDefinition) {
        let type = schema.type(named: variable.type.namedType.text)
        if !WrappedType(variable.type).isNonNull { nullableVariables.insert(variable.name.text) }
        if let type, !type.kind.isInput {
            report(
                "Variable '$\(variable.name.text)' cannot be non-input type '\(variable.type)'.",
                at: variable.type.location)
        }
        checkUnique(variable.directives)
        checkTypeName(variable.type.namedType)
        if let value = variable.defaultValue {
            let expected = type?.kind.isInput == true ? WrappedType(variable.type) : nil
            checkValue(value, expected: expected, hasDefault: false)
        }
        checkDirectives(variable.directives, at: .variableDefinition)
    }

    /// A subscription has one field at its root, and no introspection there (October 2021, 5.2.3.1).
    private mutating func checkSingleField(of operation: OperationDefinition) {
        guard let root = schema.subscriptionType else { return }
        var collected = RootFields(schema: schema, fragments: fragments, root: root)
        collected.collect(operation.selectionSet)
        let subject = operation.name.map { "Subscription '\($0.text)'" } ?? "Anonymous Subscription"
        if collected.groups.count > 1 {
            report(
                "\(subject) must select only one top level field.",
                atAll: collected.groups.dropFirst().flatMap { $0.map(\.location) })
        }
        for group in collected.groups where group[0].name.text.hasPrefix("__") {
            report(
                "\(subject) must not select an introspection top level field.", atAll: group.map(\.location))
        }
    }
}

/// The fields at the root of an operation by response key, fragments included.
private struct RootFields {
    let schema: Schema
    let fragments: [String: FragmentDefinition]
    let root: SchemaType
    private(set) var groups: [[FieldSelection]] = []
    private var positions: [String: Int] = [:]
    private var visited: Set<String> = []

    init(schema: Schema, fragments: [String: FragmentDefinition], root: SchemaType) {
        self.schema = schema
        self.fragments = fragments
        self.root = root
    }

    mutating func collect(_ selectionSet: SelectionSet) {
        for selection in selectionSet.selections where isIncluded(selection) {
            switch selection {
            case .field(let field): add(field)
            case .inlineFragment(let fragment):
                if applies(fragment.typeCondition) { collect(fragment.selectionSet) }
            case .fragmentSpread(let spread):
                guard visited.insert(spread.name.text).inserted, let fragment = fragments[spread.name.text],
                    applies(fragment.typeCondition)
                else { continue }
                collect(fragment.selectionSet)
            }
        }
    }

    private mutating func add(_ field: FieldSelection) {
        if let position = positions[field.responseKey] {
            groups[position].append(field)
        } else {
            positions[field.responseKey] = groups.count
            groups.append([field])
        }
    }

    private func applies(_ condition: Name?) -> Bool {
        condition.map { schema.isPossible(root.name, as: $0.text) } ?? true
    }

    /// Whether `@skip` and `@include` let the selection be, as far as literals say.
    private func isIncluded(_ selection: Selection) -> Bool {
        selection.directives.allSatisfy { directive in
            guard case .boolean(let condition, _)? = directive.arguments.first(where: { $0.name.text == "if" })?.value
            else { return true }
            switch directive.name.text {
            case "skip": return !condition
            case "include": return condition
            default: return true
            }
        }
    }
}

extension OperationKind {
    var directiveLocation: DirectiveLocation {
        switch self {
        case .query: .query
        case .mutation: .mutation
        case .subscription: .subscription
        }
    }
}

extension Schema {
    func rootType(of kind: OperationKind) -> SchemaType? {
        switch kind {
        case .query: queryType
        case .mutation: mutationType
        case .subscription: subscriptionType
        }
    }
}

/// The names that occur more than once, each with all its places, in the order of the first.
func repeated(_ names: [Name]) -> [[Name]] {
    var groups: [[Name]] = []
    var positions: [String: Int] = [:]
    for name in names {
        if let position = positions[name.text] {
            groups[position].append(name)
        } else {
            positions[name.text] = groups.count
            groups.append([name])
        }
    }
    return groups.filter { $0.count > 1 }
}
