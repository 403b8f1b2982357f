/// What a valid document may ask for at most. Counts include what fragments bring in, at each of their uses.
public struct QueryLimits: Sendable {
    /// Fields below each other.
    public var maximumDepth: Int
    /// Fields with an alias in one operation.
    public var maximumAliases: Int
    /// Fields in one selection set, those of its fragments included.
    public var maximumBreadth: Int
    /// Fields in one operation.
    public var maximumFields: Int
    /// Sum of the fields' costs in one operation, see `cost`. Lists rarely have as many items as they may have, so this keeps
    /// out what is absurd; what is really answered is limited by `ExecutionLimits.answeredFieldsMax`.
    public var maximumCost: Int
    /// Fragments in the document; checked before the rules of validation.
    public var maximumFragments: Int
    /// Errors that validation reports before it gives up.
    public var maximumErrors: Int
    /// What one field costs. A field below lists counts as often as the lists around it may have items.
    public var cost: @Sendable (_ type: SchemaType, _ field: SchemaField, _ selection: FieldSelection) -> FieldCost

    public init(
        maximumDepth: Int = 30, maximumAliases: Int = 300, maximumBreadth: Int = 500, maximumFields: Int = 5_000,
        maximumCost: Int = 1_000_000_000_000, maximumFragments: Int = 500, maximumErrors: Int = 100,
        cost: @escaping @Sendable (SchemaType, SchemaField, FieldSelection) -> FieldCost = { _, field, selection in
            FieldCost.estimated(field, selection)
        }
    ) {
        self.maximumDepth = maximumDepth
        self.maximumAliases = maximumAliases
        self.maximumBreadth = maximumBreadth
        self.maximumFields = maximumFields
        self.maximumCost = maximumCost
        self.maximumFragments = maximumFragments
        self.maximumErrors = maximumErrors
        self.cost = cost
    }

    func checkFragments(of document: Document) -> GraphQLError? {
        let count = document.fragments.count
        guard count > maximumFragments else { return nil }
        return GraphQLError(message: "Document has \(count) fragments, at most \(maximumFragments) are allowed.")
    }

    /// Measures the operations of a document that has no other errors.
    func check(_ document: Document, schema: Schema) -> [GraphQLError] {
        var measuring = QueryMeasuring(document: document, schema: schema, cost: cost)
        return document.operations.flatMap { operation in
            let size = measuring.measure(operation)
            return excesses(of: size).map { excess in
                GraphQLError(
                    message: "\(operation.described) \(excess)",
                    locations: [document.source.location(of: operation.location)])
            }
        }
    }

    private func excesses(of size: QuerySize) -> [String] {
        var texts: [String] = []
        if size.depth > maximumDepth {
            texts.append("is nested \(size.depth) fields deep, at most \(maximumDepth) are allowed.")
        }
        if size.aliases > maximumAliases {
            texts.append("has \(size.aliases) aliases, at most \(maximumAliases) are allowed.")
        }
        if size.breadth > maximumBreadth {
            texts.append("selects \(size.breadth) fields in one place, at most \(maximumBreadth) are allowed.")
        }
        if size.fields > maximumFields {
            texts.append("selects \(size.fields) fields, at most \(maximumFields) are allowed.")
        }
        if size.cost > maximumCost { texts.append("has a cost of \(size.cost), at most \(maximumCost) is allowed.") }
        return texts
    }
}

/// What a field costs to answer.
public struct FieldCost: Sendable {
    /// The field itself, once.
    public var weight: Int
    /// How many times what is selected below it is answered.
    public var items: Int

    public init(weight: Int = 1, items: Int = 1) {
        self.weight = weight
        self.items = items
    }

    /// A guess from the declaration: a field with a `first` or `last` argument has that many items, any other list ten.
    public static func estimated(_ field: SchemaField, _ selection: FieldSelection) -> FieldCost {
        for argument in selection.arguments where argument.name.text == "first" || argument.name.text == "last" {
            if case .int(let text, _) = argument.value, let count = Int(text) {
                return FieldCost(items: max(1, min(count, 1_000_000)))
            }
            return FieldCost(items: 10)
        }
        let isPage = field.argument(named: "first") != nil
        return FieldCost(items: isPage ? 10 : 1)
    }
}

extension OperationDefinition {
    fileprivate var described: String {
        name.map { "Operation '\($0.text)'" } ?? "The operation"
    }
}
