/// Objects of one type that one field gave for all its parents: their fields are resolved together.
final class ObjectGroup: Sendable {
    /// Where the objects stand in the answer; nil for the root.
    struct Origin: Sendable {
        let group: ObjectGroup
        let field: CollectedField
        /// The field's place among those of its group.
        let position: Int
        let shape: OutputShape
        /// For each object, the row of its parent.
        let rows: [Int32]
        /// For each object, its index in each of the field's lists, outermost first.
        let indices: [Int32]
    }

    let type: RuntimeObject
    let parents: any ParentColumn
    let count: Int
    let origin: Origin?

    init(type: RuntimeObject, parents: any ParentColumn, origin: Origin?) {
        self.type = type
        self.parents = parents
        count = parents.count
        self.origin = origin
    }
}

/// A place in the answer, worked out only where there is an error.
struct ResponsePlace: Sendable {
    private(set) var path: [PathElement] = []
    /// The same as positions, so that errors can be put into the answer's order.
    private(set) var ordinals: [Int32] = []
    /// For each step, whether null may not stand there.
    private(set) var isNonNull: [Bool] = []

    /// The place of an object.
    init(_ group: ObjectGroup, row: Int) {
        guard let origin = group.origin else { return }
        self = ResponsePlace(
            origin.group, row: Int(origin.rows[row]), field: origin.field, position: origin.position,
            shape: origin.shape)
        let depth = origin.shape.listDepth
        append(origin.indices[(row * depth)..<((row + 1) * depth)], origin.shape)
    }

    /// The place of a field's value.
    init(_ group: ObjectGroup, row: Int, field: CollectedField, position: Int, shape: OutputShape?) {
        self.init(group, row: row)
        path.append(.key(field.key))
        ordinals.append(Int32(position))
        isNonNull.append(shape?.isNonNull ?? false)
    }

    /// A value in the lists of the field.
    mutating func append(_ indices: some Sequence<Int32>, _ shape: OutputShape) {
        var shape = shape
        for index in indices {
            guard case .list(let item) = shape.kind else { return }
            path.append(.index(Int(index)))
            ordinals.append(index)
            isNonNull.append(item.isNonNull)
            shape = item
        }
    }

    /// How many steps lead to the place that becomes null when the value here cannot be had (October 2021, 6.4.4).
    var nulledDepth: Int {
        var depth = isNonNull.count
        while depth > 0, isNonNull[depth - 1] { depth -= 1 }
        return depth
    }
}

/// A field error on its way into the answer.
struct FieldFailure: Sendable {
    var error: GraphQLError
    var place: ResponsePlace
}

extension [FieldFailure] {
    /// The errors in the answer's order, without those that stand in a part which an earlier one made null.
    func reported() -> [GraphQLError] {
        guard count > 1 else { return map(\.error) }
        let ordered = sorted { $0.place.ordinals.lexicographicallyPrecedes($1.place.ordinals) }
        var kept: [GraphQLError] = []
        var nulled: [Int32]?
        for failure in ordered {
            if let nulled, failure.place.ordinals.starts(with: nulled) { continue }
            kept.append(failure.error)
            let depth = failure.place.nulledDepth
            if depth < failure.place.ordinals.count { nulled = [Int32](failure.place.ordinals.prefix(depth)) }
        }
        return kept
    }
}
