/// The rules for type systems (October 2021, 3.1 to 3.13), checked once when a schema is built.
extension SchemaDraft {
    mutating func check(_ schema: Schema) {
        for directive in schema.directives {
            checkInputs(directive.arguments, of: "@\(directive.name)", schema)
        }
        for type in schema.types where !type.name.hasPrefix("__") {
            checkName(type.name, of: "type")
            switch type.kind {
            case .object, .interface:
                checkFields(of: type, schema)
                for name in type.interfaces { checkImplementation(of: name, by: type, schema) }
            case .union: checkMembers(of: type, schema)
            case .enum:
                if type.enumValues.isEmpty { report("The enum \(type.name) has no values.") }
                checkUnique(type.enumValues.map(\.name), in: type.name)
                for value in type.enumValues { checkName(value.name, of: type.name) }
            case .inputObject:
                if type.inputFields.isEmpty { report("The input object \(type.name) has no fields.") }
                checkInputs(type.inputFields, of: type.name, schema)
                if type.isOneOf { checkOneOf(type) }
            case .scalar: break
            }
        }
        checkInputCircles(schema)
    }

    private mutating func checkFields(of type: SchemaType, _ schema: Schema) {
        if type.fields.isEmpty { report("\(type.name) has no fields.") }
        checkUnique(type.fields.map(\.name), in: type.name)
        for field in type.fields {
            let place = "\(type.name).\(field.name)"
            checkName(field.name, of: type.name)
            if let kind = kind(of: field.type, at: place, schema), !kind.isOutput {
                report("\(place) cannot have the input type \(field.type).")
            }
            checkInputs(field.arguments, of: place, schema)
            if case .stream? = objects[type.name]?.resolvers[field.name], type.name != schema.subscriptionTypeName {
                report("\(place) is a subscription, but \(type.name) is not the root type of subscriptions.")
            }
        }
        guard type.name == schema.subscriptionTypeName else { return }
        for field in type.fields {
            if case .stream? = objects[type.name]?.resolvers[field.name] { continue }
            report("\(type.name).\(field.name) has no events: fields of this root are declared with `subscription`.")
        }
    }

    private mutating func kind(of type: WrappedType, at place: String, _ schema: Schema) -> TypeKind? {
        if case .nonNull(.nonNull) = type { report("The type of \(place) is non-null twice.") }
        if let found = schema.type(named: type.name) { return found.kind }
        report("\(place) has the type \(type), but the schema has no type \(type.name).")
        return nil
    }

    private mutating func checkInputs(_ inputs: [SchemaInputValue], of place: String, _ schema: Schema) {
        checkUnique(inputs.map(\.name), in: place)
        for input in inputs {
            let place = "\(place)(\(input.name))"
            checkName(input.name, of: place)
            guard let kind = kind(of: input.type, at: place, schema) else { continue }
            guard kind.isInput else {
                report("\(place) cannot have the output type \(input.type).")
                continue
            }
            guard let value = input.defaultValue else { continue }
            var found: [InputProblem] = []
            _ = InputCoercion(schema: schema, scalars: scalars).coerced(value, input.type, path: [], &found)
            for problem in found { report("The default of \(place) is wrong: \(problem.message)") }
        }
    }

    /// Fields of which only one is given can all be left out (September 2025, 3.10.2).
    private mutating func checkOneOf(_ type: SchemaType) {
        for field in type.inputFields {
            let place = "OneOf input field \(type.name).\(field.name)"
            if field.type.isNonNull { report("\(place) must be nullable.") }
            if field.defaultValue != nil { report("\(place) cannot have a default value.") }
        }
    }

    private mutating func checkUnique(_ names: [String], in place: String) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted { report("\(place) has '\(name)' more than once.") }
    }

    private mutating func checkName(_ name: String, of place: String) {
        let isName =
            name.utf8.first.map { !isDigit($0) } == true
            && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isDigit($0) || isLetter($0) }
        if !isName || name.hasPrefix("__") { report("'\(name)' cannot be a name (\(place)).") }
    }

    private mutating func checkMembers(of type: SchemaType, _ schema: Schema) {
        if type.members.isEmpty { report("The union \(type.name) has no members.") }
        checkUnique(type.members, in: type.name)
        for name in type.members where schema.type(named: name)?.kind != .object {
            report("\(type.name) has the member \(name), but the schema has no object type \(name).")
        }
    }

    private mutating func checkImplementation(of name: String, by type: SchemaType, _ schema: Schema) {
        guard let interface = schema.type(named: name), interface.kind == .interface else {
            return report("\(type.name) implements \(name), but the schema has no interface \(name).")
        }
        for inherited in interface.interfaces where !type.interfaces.contains(inherited) {
            report("\(type.name) implements \(name) and must implement \(inherited) as well.")
        }
        for expected in interface.fields {
            let place = "\(type.name).\(expected.name)"
            guard let field = type.field(named: expected.name) else {
                report("\(type.name) implements \(name) but has no field \(expected.name).")
                continue
            }
            if !schema.isSubtype(field.type, of: expected.type) {
                report("\(place) is \(field.type), but \(name) asks for \(expected.type).")
            }
            for argument in expected.arguments where field.argument(named: argument.name)?.type != argument.type {
                report("\(place) needs the argument \(argument.name): \(argument.type) of \(name).")
            }
            for argument in field.arguments where expected.argument(named: argument.name) == nil {
                guard argument.isRequired else { continue }
                report("\(place) requires the argument \(argument.name), which \(name) does not have.")
            }
        }
    }

    /// Input objects that need each other could never be written (October 2021, 3.10.1).
    private mutating func checkInputCircles(_ schema: Schema) {
        func needs(_ name: String) -> [String] {
            (schema.type(named: name)?.inputFields ?? []).compactMap { field in
                guard case .nonNull(.named(let inner)) = field.type else { return nil }
                return schema.type(named: inner)?.kind == .inputObject ? inner : nil
            }
        }
        for type in schema.types where type.kind == .inputObject {
            var seen: Set<String> = []
            var pending = needs(type.name)
            while let name = pending.popLast() {
                if name == type.name {
                    report("The input object \(type.name) requires itself.")
                    break
                }
                if seen.insert(name).inserted { pending += needs(name) }
            }
        }
    }
}

private func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26
}
