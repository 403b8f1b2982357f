/// Literals against the types of their places (October 2021, 5.6).
extension Validator {
    /// Checks a value for a place of a type, nil where that is not known.
    ///
    /// - Parameters:
    ///   - hasDefault: whether the place has a default, so that a variable there may be null.
    ///   - isChecked: whether the literal's own type matters; what stands inside a wrong literal is only walked.
    mutating func checkValue(_ value: Value, expected: WrappedType?, hasDefault: Bool, isChecked: Bool = true) {
        switch value {
        case .variable(let name, let location):
            usages.append(
                VariableUsage(name: name, location: location, type: expected, hasLocationDefault: hasDefault))
        case .null:
            if isChecked, let expected, expected.isNonNull { reportWrong(value, expected) }
        case .list(let values, _): checkList(value, values, expected, isChecked: isChecked)
        case .object(let fields, _): checkObject(value, fields, expected, isChecked: isChecked)
        default:
            if isChecked, let expected { checkLeaf(value, expected) }
        }
    }

    private mutating func reportWrong(_ value: Value, _ expected: WrappedType) {
        report("Expected value of type '\(expected)', found \(value).", at: value.location)
    }

    private mutating func checkList(_ value: Value, _ items: [Value], _ expected: WrappedType?, isChecked: Bool) {
        let itemType = expected?.item
        if itemType == nil, isChecked, let expected { checkLeaf(value, expected.nullable) }
        for item in items where !isAborted {
            checkValue(
                item, expected: itemType ?? expected?.nullable, hasDefault: false,
                isChecked: isChecked && itemType != nil)
        }
    }

    private mutating func checkObject(
        _ value: Value, _ fields: [ObjectField], _ expected: WrappedType?, isChecked: Bool
    ) {
        var type = expected.flatMap { schema.type(named: $0.name) }
        if type?.kind != .inputObject {
            if isChecked, let expected { checkLeaf(value, expected) }
            type = nil
        }
        if isChecked, let type {
            checkRequiredFields(value, fields, type)
            if type.isOneOf { checkOneOf(value, fields, type) }
        }
        var known: [String: Name] = [:]
        for field in fields where !isAborted {
            let declared = type?.inputField(named: field.name.text)
            if isChecked, let type, declared == nil {
                let hint = didYouMean(suggestions(for: field.name.text, among: type.inputFields.map(\.name)))
                report(
                    "Field '\(field.name.text)' is not defined by type '\(type.name)'.\(hint)", at: field.location)
            }
            if let first = known[field.name.text] {
                report(
                    "There can be only one input field named '\(field.name.text)'.", at: first.location,
                    field.location)
            } else {
                known[field.name.text] = field.name
            }
            checkValue(
                field.value, expected: declared?.type, hasDefault: declared?.defaultValue != nil,
                isChecked: isChecked && type != nil)
        }
    }

    /// September 2025, 5.6.4.
    private mutating func checkOneOf(_ value: Value, _ fields: [ObjectField], _ type: SchemaType) {
        guard let field = fields.last, Set(fields.map(\.name.text)).count == 1 else {
            return report(
                "OneOf Input Object '\(type.name)' must specify exactly one key.", at: value.location)
        }
        switch field.value {
        case .null: report("Field '\(type.name).\(field.name.text)' must be non-null.", at: value.location)
        case .variable(let name, _) where nullableVariables.contains(name):
            report(
                "Variable '\(name)' must be non-nullable to be used for OneOf Input Object '\(type.name)'.",
                at: value.location)
        default: break
        }
    }

    private mutating func checkRequiredFields(_ value: Value, _ fields: [ObjectField], _ type: SchemaType) {
        for declared in type.inputFields where declared.isRequired {
            guard !fields.contains(where: { $0.name.text == declared.name }) else { continue }
            report(
                "Field '\(type.name).\(declared.name)' of required type '\(declared.type)' was not provided.",
                at: value.location)
        }
    }

    private mutating func checkLeaf(_ value: Value, _ expected: WrappedType) {
        guard let type = schema.type(named: expected.name) else { return }
        switch type.kind {
        case .enum: checkEnum(value, type)
        case .scalar:
            let isBuiltIn = SpecifiedTypes.scalarNames.contains(type.name)
            let message =
                isBuiltIn ? objection(to: value, asScalar: type.name) : customObjection(type.name, value)
            if let message { report(message, at: value.location) }
        default: reportWrong(value, expected)
        }
    }

    private mutating func checkEnum(_ value: Value, _ type: SchemaType) {
        let names = type.enumValues.map(\.name)
        guard case .enumValue(let name, _) = value else {
            let text = value.description
            let hint = didYouMean(suggestions(for: text, among: names), "the enum value")
            return report("Enum '\(type.name)' cannot represent non-enum value: \(text).\(hint)", at: value.location)
        }
        guard type.enumValue(named: name) == nil else { return }
        let hint = didYouMean(suggestions(for: name, among: names), "the enum value")
        report("Value '\(name)' does not exist in '\(type.name)' enum.\(hint)", at: value.location)
    }
}

/// Why a literal is none of a built-in scalar; nil where it is one.
private func objection(to value: Value, asScalar name: String) -> String? {
    switch (name, value) {
    case ("Int", .int(let text, _)):
        Int32(text) == nil ? "Int cannot represent non 32-bit signed integer value: \(text)" : nil
    case ("Int", _): "Int cannot represent non-integer value: \(value)"
    case ("Float", .int), ("Float", .float): nil
    case ("Float", _): "Float cannot represent non numeric value: \(value)"
    case ("String", .string), ("Boolean", .boolean), ("ID", .string), ("ID", .int): nil
    case ("String", _): "String cannot represent a non string value: \(value)"
    case ("Boolean", _): "Boolean cannot represent a non boolean value: \(value)"
    case ("ID", _): "ID cannot represent a non-string and non-integer value: \(value)"
    default: nil
    }
}
