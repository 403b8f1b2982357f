/// Arguments and directives (October 2021, 5.4 and 5.7).
extension Validator {
    mutating func checkArgument(
        _ argument: Argument, of selection: FieldSelection, _ definition: SchemaField?, _ parent: SchemaType?
    ) {
        let declared = definition?.argument(named: argument.name.text)
        if declared == nil, let definition, let parent {
            let hint = didYouMean(suggestions(for: argument.name.text, among: definition.arguments.map(\.name)))
            report(
                "Unknown argument '\(argument.name.text)' on field '\(parent.name).\(selection.name.text)'.\(hint)",
                at: argument.location)
        }
        checkValue(argument.value, declared: declared)
    }

    private mutating func checkValue(_ value: Value, declared: SchemaInputValue?) {
        checkValue(value, expected: declared?.type, hasDefault: declared?.defaultValue != nil)
    }

    mutating func checkArgumentNamesAreUnique(_ arguments: [Argument]) {
        guard arguments.count > 1 else { return }
        for names in repeated(arguments.map(\.name)) {
            report("There can be only one argument named '\(names[0].text)'.", atAll: names.map(\.location))
        }
    }

    mutating func checkRequiredArguments(of selection: FieldSelection, _ definition: SchemaField) {
        for declared in definition.arguments where declared.isRequired {
            guard !selection.arguments.contains(where: { $0.name.text == declared.name }) else { continue }
            report(
                "Field '\(selection.name.text)' argument '\(declared.name)' of type '\(declared.type)' is required, "
                    + "but it was not provided.", at: selection.location)
        }
    }

    private func directive(named name: String) -> SchemaDirective? {
        ownDirectives[name] ?? schema.directive(named: name)
    }

    /// Directives that may not be repeated occur once in a place.
    mutating func checkUnique(_ directives: [Directive]) {
        guard directives.count > 1 else { return }
        var seen: [String: Directive] = [:]
        for use in directives {
            guard let declared = directive(named: use.name.text), !declared.isRepeatable else { continue }
            if let first = seen[use.name.text] {
                report(
                    "The directive '@\(use.name.text)' can only be used once at this location.",
                    at: first.location, use.location)
            } else {
                seen[use.name.text] = use
            }
        }
    }

    mutating func checkDirectives(_ directives: [Directive], at location: DirectiveLocation?) {
        for use in directives { checkDirective(use, at: location) }
    }

    private mutating func checkDirective(_ use: Directive, at location: DirectiveLocation?) {
        let name = use.name.text
        let declared = directive(named: name)
        if let declared {
            if let location, !declared.locations.contains(location.rawValue) {
                report("Directive '@\(name)' may not be used on \(location.phrase).", at: use.location)
            }
            for argument in use.arguments where declared.argument(named: argument.name.text) == nil {
                let hint = didYouMean(suggestions(for: argument.name.text, among: declared.arguments.map(\.name)))
                report(
                    "Unknown argument '\(argument.name.text)' on directive '@\(name)'.\(hint)", at: argument.location)
            }
        } else {
            report("Unknown directive '@\(name)'.", at: use.location)
        }
        checkArgumentNamesAreUnique(use.arguments)
        // Values of a directive that the schema does not know are measured by the field around it, as elsewhere.
        let arguments = schema.directive(named: name)?.arguments ?? field?.arguments ?? []
        for argument in use.arguments {
            checkValue(argument.value, declared: arguments.first { $0.name == argument.name.text })
        }
        for required in declared?.arguments ?? [] where required.isRequired {
            guard !use.arguments.contains(where: { $0.name.text == required.name }) else { continue }
            report(
                "Directive '@\(name)' argument '\(required.name)' of type '\(required.type)' is required, "
                    + "but it was not provided.", at: use.location)
        }
    }
}

extension DirectiveLocation {
    /// The location in an error's words: `fragment spread`.
    fileprivate var phrase: String {
        rawValue.lowercased().split(separator: "_").joined(separator: " ")
    }
}
