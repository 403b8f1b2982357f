/// How much an operation, or a part of it, asks for.
struct QuerySize {
    var depth = 0
    var aliases = 0
    /// Fields of the widest selection set.
    var breadth = 0
    /// Fields of the outermost selection set.
    var width = 0
    var fields = 0
    var cost = 0

    /// Adds what stands beside this in the same selection set.
    mutating func add(beside other: QuerySize) {
        depth = max(depth, other.depth)
        aliases = saturatingSum(aliases, other.aliases)
        width = saturatingSum(width, other.width)
        breadth = max(breadth, other.breadth, width)
        fields = saturatingSum(fields, other.fields)
        cost = saturatingSum(cost, other.cost)
    }
}

/// Adds up the sizes of operations. A fragment is measured once for each type on which it is used, so the time does not
/// grow with what it expands to.
struct QueryMeasuring {
    let schema: Schema
    let cost: @Sendable (SchemaType, SchemaField, FieldSelection) -> FieldCost
    private var fragments: [String: FragmentDefinition] = [:]
    private var sizes: [String: QuerySize] = [:]

    init(
        document: Document, schema: Schema,
        cost: @escaping @Sendable (SchemaType, SchemaField, FieldSelection) -> FieldCost
    ) {
        self.schema = schema
        self.cost = cost
        for fragment in document.fragments { fragments[fragment.name.text] = fragment }
    }

    mutating func measure(_ operation: OperationDefinition) -> QuerySize {
        measure(operation.selectionSet, schema.rootType(of: operation.kind))
    }

    private mutating func measure(_ selectionSet: SelectionSet, _ parent: SchemaType?) -> QuerySize {
        var size = QuerySize()
        for selection in selectionSet.selections {
            switch selection {
            case .field(let field): size.add(beside: measure(field, parent))
            case .inlineFragment(let fragment):
                let type = fragment.typeCondition.map { schema.type(named: $0.text) } ?? parent
                size.add(beside: measure(fragment.selectionSet, type))
            case .fragmentSpread(let spread): size.add(beside: measure(fragmentNamed: spread.name.text))
            }
        }
        return size
    }

    private mutating func measure(fragmentNamed name: String) -> QuerySize {
        if let size = sizes[name] { return size }
        guard let fragment = fragments[name] else { return QuerySize() }
        // Should fragments form a cycle after all, the inner use counts nothing.
        sizes[name] = QuerySize()
        let size = measure(fragment.selectionSet, schema.type(named: fragment.typeCondition.text))
        sizes[name] = size
        return size
    }

    private mutating func measure(_ selection: FieldSelection, _ parent: SchemaType?) -> QuerySize {
        let definition = parent.flatMap { schema.field(selection.name.text, of: $0) }
        var inner = QuerySize()
        if let selectionSet = selection.selectionSet {
            inner = measure(selectionSet, definition.flatMap { schema.type(named: $0.type.name) })
        }
        var fieldCost = FieldCost()
        if let parent, let definition { fieldCost = cost(parent, definition, selection) }
        return QuerySize(
            depth: inner.depth + 1, aliases: saturatingSum(inner.aliases, selection.alias == nil ? 0 : 1),
            breadth: max(inner.breadth, 1), width: 1, fields: saturatingSum(inner.fields, 1),
            cost: saturatingSum(fieldCost.weight, saturatingProduct(inner.cost, fieldCost.items)))
    }
}

private func saturatingSum(_ first: Int, _ second: Int) -> Int {
    let (sum, overflow) = first.addingReportingOverflow(second)
    return overflow ? Int.max : sum
}

private func saturatingProduct(_ first: Int, _ second: Int) -> Int {
    let (product, overflow) = first.multipliedReportingOverflow(by: second)
    return overflow ? Int.max : product
}
