/// Checks a document against a schema by all rules of October 2021, section 5.
///
/// - Parameters:
///   - limits: what a document may ask for at most; checked once the rules hold.
///   - objection: why a literal is none of a custom scalar, named first; nil where it is one, or none can tell.
/// - Returns: the errors in the order in which the walk over the document meets them, at most
///   `limits.maximumErrors` and a last one that says so; none for a valid document.
public func validate(
    _ document: Document, schema: Schema, limits: QueryLimits = QueryLimits(),
    objection: @escaping (String, Value) -> String? = { _, _ in nil }
) -> [GraphQLError] {
    if let error = limits.checkFragments(of: document) { return [error] }
    var validator = Validator(document: document, schema: schema, limits: limits, objection: objection)
    validator.checkDocument()
    let errors = validator.errors
    guard errors.isEmpty else {
        let lines = LineIndex(document.source)
        return errors.map { $0.reported(lines) }
    }
    return limits.check(document, schema: schema)
}

/// A rule that a document breaks, and the byte offsets of the nodes it is about.
struct ValidationError {
    var message: String
    var offsets: [Int32]

    func reported(_ lines: LineIndex) -> GraphQLError {
        GraphQLError(message: message, locations: offsets.map(lines.location(of:)))
    }
}

/// One walk over the document in which every rule looks at every node; the order of the checks at a node is the order
/// of its errors.
struct Validator {
    let document: Document
    let schema: Schema
    let limits: QueryLimits
    /// Why a literal is none of a custom scalar.
    let customObjection: (String, Value) -> String?
    let fragments: [String: FragmentDefinition]
    /// Directives that the document itself defines, which hide those of the schema.
    let ownDirectives: [String: SchemaDirective]
    let ownTypeNames: [String]
    private(set) var errors: [ValidationError] = []
    /// Set when there are too many errors to go on.
    private(set) var isAborted = false

    /// The field whose selections are being walked, or whose arguments.
    var field: SchemaField?
    /// Of the operation that was walked last.
    var nullableVariables: Set<String> = []
    /// Variables used in the definition being walked.
    var usages: [VariableUsage] = []
    var fragmentUsages: [String: [VariableUsage]] = [:]
    var finishedOperations: [FinishedOperation] = []
    var knownOperationNames: [String: Name] = [:]
    var knownFragmentNames: [String: Name] = [:]
    var cycles = FragmentCycles()
    var overlaps = OverlappingFields()
    var introspectionDepths: [String: Int] = [:]

    init(
        document: Document, schema: Schema, limits: QueryLimits, objection: @escaping (String, Value) -> String?
    ) {
        self.document = document
        self.schema = schema
        self.limits = limits
        customObjection = objection
        var fragments: [String: FragmentDefinition] = [:]
        var directives: [String: SchemaDirective] = [:]
        var typeNames: [String] = []
        for definition in document.definitions {
            switch definition {
            case .fragment(let fragment): fragments[fragment.name.text] = fragment
            case .typeSystem(.directive(let node)): directives[node.name.text] = SchemaDirective(declaredBy: node)
            case .typeSystem(.type(let node)) where !node.isExtension: typeNames.append(node.name.text)
            default: break
            }
        }
        self.fragments = fragments
        ownDirectives = directives
        ownTypeNames = typeNames
    }

    mutating func report(_ message: String, at offsets: Int32...) {
        report(message, atAll: offsets)
    }

    mutating func report(_ message: String, atAll offsets: [Int32]) {
        guard !isAborted else { return }
        guard errors.count < limits.maximumErrors else {
            isAborted = true
            errors.append(
                ValidationError(
                    message: "Too many validation errors, error limit reached. Validation aborted.", offsets: []))
            return
        }
        errors.append(ValidationError(message: message, offsets: offsets))
    }

    /// Ends validation with an error that says why.
    mutating func abort(_ message: String, at offset: Int32) {
        report(message, at: offset)
        isAborted = true
    }

    mutating func checkDocument() {
        checkDefinitionsAreExecutable()
        for definition in document.definitions where !isAborted {
            switch definition {
            case .operation(let operation): checkOperation(operation)
            case .fragment(let fragment): checkFragment(fragment)
            case .typeSystem(let definition): checkTypeSystem(definition)
            }
        }
        checkFragmentsAreUsed()
        checkVariablesOfOperations()
    }

    private mutating func checkDefinitionsAreExecutable() {
        for case .typeSystem(let definition) in document.definitions {
            let name =
                switch definition {
                case .schema: "schema"
                case .type(let node): "'\(node.name.text)'"
                case .directive(let node): "'\(node.name.text)'"
                }
            report("The \(name) definition is not executable.", at: definition.location)
        }
    }

    /// Puts the errors of operations' variables where the walk left each operation.
    private mutating func checkVariablesOfOperations() {
        let others = errors
        let wasAborted = isAborted
        guard !finishedOperations.isEmpty else { return }
        errors = []
        isAborted = false
        var position = 0
        for operation in finishedOperations where !isAborted {
            for error in others[position..<operation.errorCount] { report(error.message, atAll: error.offsets) }
            position = operation.errorCount
            checkVariables(of: operation)
        }
        for error in others[position...] { report(error.message, atAll: error.offsets) }
        isAborted = isAborted || wasAborted
    }
}

/// An operation that the walk is through with; its variables are checked when all fragments have been walked.
struct FinishedOperation {
    var definition: OperationDefinition
    var usages: [VariableUsage]
    /// How many errors there were when the walk left it.
    var errorCount: Int
}

extension SchemaDirective {
    init(declaredBy node: DirectiveNode) {
        self.init(
            name: node.name.text,
            arguments: node.arguments.map { argument in
                SchemaInputValue(
                    name: argument.name.text, type: WrappedType(argument.type),
                    defaultValue: argument.defaultValue == nil ? nil : .null)
            }, isRepeatable: node.isRepeatable, locations: node.locations.map(\.text))
    }
}

extension WrappedType {
    /// The type that a document names.
    init(_ reference: TypeReference) {
        switch reference {
        case .named(let name): self = .named(name.text)
        case .list(let inner, _): self = .list(WrappedType(inner))
        case .nonNull(let inner): self = .nonNull(WrappedType(inner))
        }
    }
}
