/// Definitions and extensions of the type system as text.
extension Printer {
    mutating func write(_ definition: TypeSystemDefinition) {
        switch definition {
        case .schema(let node): write(node)
        case .type(let node): write(node)
        case .directive(let node): write(node)
        }
    }

    private mutating func write(_ schema: SchemaNode) {
        write(description: schema.description)
        write(schema.isExtension ? "extend schema" : "schema")
        write(directives: schema.directives)
        guard !schema.operations.isEmpty else { return }
        write(" ")
        writeBlock(schema.operations) { printer, operation in
            printer.write("\(operation.kind.rawValue): \(operation.type.text)")
        }
    }

    private mutating func write(_ type: TypeNode) {
        write(description: type.description)
        write((type.isExtension ? "extend " : "") + "\(type.body.keyword) \(type.name.text)")
        switch type.body {
        case .scalar: write(directives: type.directives)
        case .object(let interfaces, let fields), .interface(let interfaces, let fields):
            write(wrapped(" implements ", interfaces.map(\.text).joined(separator: " & ")))
            write(directives: type.directives)
            writeBody(fields) { printer, field in printer.write(field) }
        case .union(let members):
            write(directives: type.directives)
            write(wrapped(" = ", members.map(\.text).joined(separator: " | ")))
        case .enumeration(let values):
            write(directives: type.directives)
            writeBody(values) { printer, value in
                printer.write(description: value.description)
                printer.write(value.name.text)
                printer.write(directives: value.directives)
            }
        case .inputObject(let fields):
            write(directives: type.directives)
            writeBody(fields) { printer, field in printer.write(printed(field)) }
        }
    }

    private mutating func writeBody<Item>(_ items: [Item], _ writeItem: (inout Printer, Item) -> Void) {
        guard !items.isEmpty else { return }
        write(" ")
        writeBlock(items, "{", "}", writeItem)
    }

    private mutating func write(_ field: FieldDefinitionNode) {
        write(description: field.description)
        write(field.name.text)
        write(arguments: field.arguments)
        write(": \(field.type)")
        write(directives: field.directives)
    }

    private mutating func write(_ directive: DirectiveNode) {
        write(description: directive.description)
        write("directive @\(directive.name.text)")
        write(arguments: directive.arguments)
        write(directive.isRepeatable ? " repeatable on " : " on ")
        write(directive.locations.map(\.text).joined(separator: " | "))
    }

    private mutating func write(arguments: [InputValueNode]) {
        let items = arguments.map(printed)
        if items.contains(where: { $0.utf8.contains(UInt8(ascii: "\n")) }) {
            writeBlock(items, "(", ")") { printer, item in printer.write(item) }
        } else {
            write(wrapped("(", items.joined(separator: ", "), ")"))
        }
    }

    private mutating func write(description: DescriptionNode?) {
        guard let description else { return }
        write((description.block ? printedBlockString(description.text) : printedString(description.text)) + "\n")
    }
}

private func printed(_ value: InputValueNode) -> String {
    var printer = Printer()
    if let description = value.description {
        let text = description.block ? printedBlockString(description.text) : printedString(description.text)
        printer.write(text + "\n")
    }
    printer.write("\(value.name.text): \(value.type)")
    printer.write(wrapped(" = ", value.defaultValue?.description ?? ""))
    printer.write(directives: value.directives)
    return printer.output
}

extension TypeNode.Body {
    var keyword: String {
        switch self {
        case .scalar: "scalar"
        case .object: "type"
        case .interface: "interface"
        case .union: "union"
        case .enumeration: "enum"
        case .inputObject: "input"
        }
    }
}
