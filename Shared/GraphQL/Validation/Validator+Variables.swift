/// A variable where a value is expected.
struct VariableUsage {
    var name: String
    var location: Int32
    /// The type of the place; nil where that is not known.
    var type: WrappedType?
    var hasLocationDefault: Bool
}

/// Variables of operations, through all the fragments that these use (October 2021, 5.8.3 to 5.8.5).
extension Validator {
    mutating func checkVariables(of operation: FinishedOperation) {
        let definition = operation.definition
        var all = operation.usages
        for fragment in referencedFragments(of: definition) { all += fragmentUsages[fragment.name.text] ?? [] }
        guard !all.isEmpty || !definition.variableDefinitions.isEmpty else { return }
        var defined = [String: VariableDefinition](minimumCapacity: definition.variableDefinitions.count)
        for variable in definition.variableDefinitions { defined[variable.name.text] = variable }
        reportUndefined(all, defined, definition)
        reportUnused(all, definition)
        for usage in all { checkPosition(of: usage, defined[usage.name]) }
    }

    private mutating func reportUndefined(
        _ usages: [VariableUsage], _ defined: [String: VariableDefinition], _ operation: OperationDefinition
    ) {
        let suffix = operation.name.map { " by operation '\($0.text)'" } ?? ""
        for usage in usages where defined[usage.name] == nil {
            report("Variable '$\(usage.name)' is not defined\(suffix).", at: usage.location, operation.location)
        }
    }

    private mutating func reportUnused(_ usages: [VariableUsage], _ operation: OperationDefinition) {
        guard !operation.variableDefinitions.isEmpty else { return }
        let used = Set(usages.map(\.name))
        let suffix = operation.name.map { " in operation '\($0.text)'" } ?? ""
        for variable in operation.variableDefinitions where !used.contains(variable.name.text) {
            report("Variable '$\(variable.name.text)' is never used\(suffix).", at: variable.location)
        }
    }

    private mutating func checkPosition(of usage: VariableUsage, _ variable: VariableDefinition?) {
        guard let variable, let expected = usage.type, schema.type(named: variable.type.namedType.text) != nil else {
            return
        }
        let type = WrappedType(variable.type)
        guard !isAllowed(type, variable.defaultValue, usage, expected) else { return }
        report(
            "Variable '$\(usage.name)' of type '\(type)' used in position expecting type '\(expected)'.",
            at: variable.location, usage.location)
    }

    private func isAllowed(
        _ type: WrappedType, _ defaultValue: Value?, _ usage: VariableUsage, _ expected: WrappedType
    ) -> Bool {
        guard expected.isNonNull, !type.isNonNull else { return schema.isSubtype(type, of: expected) }
        var hasValue = defaultValue != nil
        if case .null? = defaultValue { hasValue = false }
        guard hasValue || usage.hasLocationDefault else { return false }
        return schema.isSubtype(type, of: expected.nullable)
    }
}
