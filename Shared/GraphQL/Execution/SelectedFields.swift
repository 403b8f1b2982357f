/// What a request selects below a field, through fragments, without what `@skip` and `@include` leave out: so that a
/// resolver fetches only what is asked for.
public struct SelectedFields: Sendable {
    let scope: OperationScope
    let sets: [SelectionSet]

    /// Whether the field at the end of the path is selected. Names are those of the schema, not aliases.
    ///
    /// - Parameter typeName: an object type; fragments that do not match it do not count for the path's first field.
    public func contains(_ path: [String], on typeName: String? = nil) -> Bool {
        guard let name = path.first else { return true }
        let rest = Array(path.dropFirst())
        return fields(named: name, on: typeName).contains { field in
            rest.isEmpty || selection(below: field).contains(rest)
        }
    }

    /// What is selected below a field in all its uses.
    public func below(_ name: String, on typeName: String? = nil) -> SelectedFields {
        SelectedFields(scope: scope, sets: fields(named: name, on: typeName).compactMap(\.selectionSet))
    }

    /// The names of all fields selected here, each once, in the document's order.
    public func names(on typeName: String? = nil) -> [String] {
        var names: [String] = []
        visit(typeName) { field in
            if !names.contains(field.name.text) { names.append(field.name.text) }
        }
        return names
    }

    private func selection(below field: FieldSelection) -> SelectedFields {
        SelectedFields(scope: scope, sets: field.selectionSet.map { [$0] } ?? [])
    }

    private func fields(named name: String, on typeName: String?) -> [FieldSelection] {
        var found: [FieldSelection] = []
        visit(typeName) { field in
            if field.name.text == name { found.append(field) }
        }
        return found
    }

    private func visit(_ typeName: String?, _ body: (FieldSelection) -> Void) {
        var visited: Set<String> = []
        for set in sets { visit(set, typeName, &visited, body) }
    }

    private func visit(
        _ set: SelectionSet, _ typeName: String?, _ visited: inout Set<String>, _ body: (FieldSelection) -> Void
    ) {
        for selection in set.selections where scope.isIncluded(selection.directives) {
            switch selection {
            case .field(let field): body(field)
            case .inlineFragment(let fragment):
                guard typeName.map({ scope.matches(fragment.typeCondition, $0) }) ?? true else { continue }
                visit(fragment.selectionSet, typeName, &visited, body)
            case .fragmentSpread(let spread):
                guard visited.insert(spread.name.text).inserted, let fragment = scope.fragments[spread.name.text],
                    typeName.map({ scope.matches(fragment.typeCondition, $0) }) ?? true
                else { continue }
                visit(fragment.selectionSet, typeName, &visited, body)
            }
        }
    }
}
