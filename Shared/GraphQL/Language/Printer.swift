extension Document: CustomStringConvertible {
    /// The document as text in a uniform layout: two spaces a level, long argument lists one to a line.
    public var description: String {
        var printer = Printer()
        for (index, definition) in definitions.enumerated() {
            if index > 0 { printer.write("\n\n") }
            switch definition {
            case .operation(let operation): printer.write(operation)
            case .fragment(let fragment): printer.write(fragment)
            case .typeSystem(let definition): printer.write(definition)
            }
        }
        return printer.output
    }
}

/// Writes nodes as text; every line inside a block is indented, those of block strings too.
struct Printer {
    private(set) var output = ""
    private var indentation = ""
    /// Field arguments that make a line longer than this stand one to a line.
    private static let lineLength = 80

    mutating func write(_ text: String) {
        guard !indentation.isEmpty, text.utf8.contains(UInt8(ascii: "\n")) else {
            output += text
            return
        }
        for scalar in text.unicodeScalars {
            output.unicodeScalars.append(scalar)
            if scalar == "\n" { output += indentation }
        }
    }

    /// Writes the items one to a line between braces or parentheses.
    mutating func writeBlock<Item>(
        _ items: [Item], _ open: String = "{", _ close: String = "}", _ writeItem: (inout Printer, Item) -> Void
    ) {
        write(open)
        indentation += "  "
        for item in items {
            write("\n")
            writeItem(&self, item)
        }
        indentation.removeLast(2)
        write("\n" + close)
    }

    mutating func write(_ operation: OperationDefinition) {
        let variables = operation.variableDefinitions.map(printed)
        let head = (operation.name?.text ?? "") + wrapped("(", variables.joined(separator: ", "), ")")
        let isShort = head.isEmpty && operation.directives.isEmpty && operation.kind == .query
        if !isShort {
            write(operation.kind.rawValue)
            if !head.isEmpty { write(" " + head) }
            write(directives: operation.directives)
            write(" ")
        }
        write(operation.selectionSet)
    }

    mutating func write(_ fragment: FragmentDefinition) {
        write("fragment \(fragment.name.text) on \(fragment.typeCondition.text)")
        write(directives: fragment.directives)
        write(" ")
        write(fragment.selectionSet)
    }

    private mutating func write(_ selectionSet: SelectionSet) {
        writeBlock(selectionSet.selections) { printer, selection in
            switch selection {
            case .field(let field): printer.write(field)
            case .fragmentSpread(let spread):
                printer.write("...\(spread.name.text)")
                printer.write(directives: spread.directives)
            case .inlineFragment(let fragment):
                printer.write("..." + wrapped(" on ", fragment.typeCondition?.text ?? ""))
                printer.write(directives: fragment.directives)
                printer.write(" ")
                printer.write(fragment.selectionSet)
            }
        }
    }

    private mutating func write(_ field: FieldSelection) {
        let name = wrapped("", field.alias?.text ?? "", ": ") + field.name.text
        let arguments = field.arguments.map { "\($0.name.text): \($0.value)" }
        let line = name + wrapped("(", arguments.joined(separator: ", "), ")")
        if line.unicodeScalars.count > Printer.lineLength, !arguments.isEmpty {
            write(name)
            writeBlock(arguments, "(", ")") { printer, argument in printer.write(argument) }
        } else {
            write(line)
        }
        write(directives: field.directives)
        if let selectionSet = field.selectionSet {
            write(" ")
            write(selectionSet)
        }
    }

    /// Writes directives, each with a space before it.
    mutating func write(directives: [Directive]) {
        for directive in directives { write(" " + printed(directive)) }
    }
}

func printed(_ directive: Directive) -> String {
    let arguments = directive.arguments.map { "\($0.name.text): \($0.value)" }
    return "@\(directive.name.text)" + wrapped("(", arguments.joined(separator: ", "), ")")
}

private func printed(_ variable: VariableDefinition) -> String {
    "$\(variable.name.text): \(variable.type)" + wrapped(" = ", variable.defaultValue?.description ?? "")
        + variable.directives.map { " " + printed($0) }.joined()
}

/// The text with something before and behind it; nothing where the text is empty.
func wrapped(_ before: String, _ text: String, _ after: String = "") -> String {
    text.isEmpty ? "" : before + text + after
}
