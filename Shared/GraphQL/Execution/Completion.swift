/// Makes a resolver's values fit the field's type, for all parents of a level (October 2021, 6.4.3 and 6.4.4).
struct Completion {
    private let job: FieldJob
    private var failures: [FieldFailure] = []
    private var children: [ChildObjects] = []
    /// The kind of object met last: mostly the next one's as well.
    private var lastChild = 0
    private var indices: [Int32] = []

    init(_ job: FieldJob) {
        self.job = job
    }

    private var shape: OutputShape { job.definition.shape }

    /// Completes values that have nothing below them.
    mutating func completeLeaves(_ values: [OutputValue]) -> Executor.ColumnOutcome {
        guard case .leaf(let coercion) = shape.kind else {
            let column = completeCells(values)
            return Executor.ColumnOutcome(column: column, failures: failures)
        }
        var values = values
        var nulledRows: [Int] = []
        for row in values.indices {
            if case .string = values[row], case .string = coercion { continue }
            guard let value = completeLeaf(values[row], coercion, shape, row) else {
                values[row] = .null
                nulledRows.append(row)
                continue
            }
            values[row] = value
        }
        return Executor.ColumnOutcome(
            column: ResponseColumn(cells: .leaves(values), nulledRows: nulledRows), failures: failures)
    }

    /// Completes values with objects in them: executes what is selected below, one group for each type of object.
    mutating func completeObjects(_ values: [OutputValue]) async -> Executor.ColumnOutcome {
        var column = completeCells(values)
        guard case .cells(var cells, _) = column.cells, !children.isEmpty else {
            return Executor.ColumnOutcome(column: column, failures: failures)
        }
        let outcomes = await executeChildren()
        for outcome in outcomes { failures += outcome.failures }
        let results = outcomes.map(\.result)
        if results.contains(where: { $0.nulled != nil }) {
            for row in cells.indices {
                guard let cell = settled(cells[row], shape, results) else {
                    cells[row] = .null
                    column.nulledRows.append(row)
                    continue
                }
                cells[row] = cell
            }
        }
        column.cells = .cells(cells, results)
        return Executor.ColumnOutcome(column: column, failures: failures)
    }

    private mutating func completeCells(_ values: [OutputValue]) -> ResponseColumn {
        var nulledRows: [Int] = []
        var cells: [ResponseCell] = []
        cells.reserveCapacity(values.count)
        for row in values.indices {
            let cell = complete(values[row], shape, row)
            if cell == nil { nulledRows.append(row) }
            cells.append(cell ?? .null)
        }
        return ResponseColumn(cells: .cells(cells, []), nulledRows: nulledRows)
    }

    /// The completed value; nil where it is null though it may not be, so that what is around it becomes null.
    private mutating func complete(_ value: OutputValue, _ shape: OutputShape, _ row: Int) -> ResponseCell? {
        switch shape.kind {
        case .leaf(let coercion): return completeLeaf(value, coercion, shape, row).map(ResponseCell.leaf)
        case .list(let item):
            guard case .list(let values) = value else { return mismatched(value, shape, row) }
            return completeList(values, item, shape, row)
        case .composite(let name, let isAbstract):
            guard case .object(let object) = value else { return mismatched(value, shape, row) }
            guard let position = child(of: object.typeName, name, isAbstract) else {
                return fail(wrongType(object.typeName, name, isAbstract), shape, row)
            }
            return .object(group: Int32(position), row: children[position].append(object, row, indices))
        }
    }

    private mutating func completeList(
        _ values: [OutputValue], _ item: OutputShape, _ shape: OutputShape, _ row: Int
    ) -> ResponseCell? {
        var cells: [ResponseCell] = []
        cells.reserveCapacity(values.count)
        var isNulled = false
        for (index, value) in values.enumerated() {
            indices.append(Int32(index))
            let cell = complete(value, item, row)
            indices.removeLast()
            guard let cell else {
                isNulled = true
                break
            }
            cells.append(cell)
        }
        guard isNulled else { return .list(cells) }
        return shape.isNonNull ? nil : .null
    }

    private mutating func completeLeaf(
        _ value: OutputValue, _ coercion: LeafCoercion, _ shape: OutputShape, _ row: Int
    ) -> OutputValue? {
        switch value {
        case .null: return isNullAllowed(shape, row) ? .null : nil
        case .failure(let error): return fail(error, shape, row).map { _ in .null }
        default: break
        }
        do {
            let coerced = try coercion.coerced(value)
            if case .null = coerced { return isNullAllowed(shape, row) ? .null : nil }
            return coerced
        } catch {
            return fail(error, shape, row).map { _ in .null }
        }
    }

    /// Null, an error, or something of another shape than the type.
    private mutating func mismatched(_ value: OutputValue, _ shape: OutputShape, _ row: Int) -> ResponseCell? {
        switch (value, shape.kind) {
        case (.null, _): return isNullAllowed(shape, row) ? .null : nil
        case (.failure(let error), _): return fail(error, shape, row)
        case (_, .list):
            let place = "\(job.definition.typeName).\(job.definition.definition.name)"
            return fail(
                GraphQLError(message: "Expected Iterable, but did not find one for field '\(place)'."), shape, row)
        default:
            let message = "Expected value of type '\(shape.typeName)' but got: \(value.inspected)."
            return fail(GraphQLError(message: message), shape, row)
        }
    }

    private mutating func isNullAllowed(_ shape: OutputShape, _ row: Int) -> Bool {
        guard shape.isNonNull else { return true }
        let place = "\(job.definition.typeName).\(job.definition.definition.name)"
        _ = fail(GraphQLError(message: "Cannot return null for non-nullable field \(place)."), shape, row)
        return false
    }

    /// Notes the error at its place; null, or nil where that may not stand there.
    private mutating func fail(_ error: any Error, _ shape: OutputShape, _ row: Int) -> ResponseCell? {
        var place = ResponsePlace(
            job.group, row: row, field: job.field, position: job.position, shape: self.shape)
        place.append(indices, self.shape)
        var presented = job.presented(error)
        presented.path = place.path
        failures.append(FieldFailure(error: presented, place: place))
        return shape.isNonNull ? nil : .null
    }

    /// The cell with objects that became null left out.
    private func settled(_ cell: ResponseCell, _ shape: OutputShape, _ results: [GroupResult]) -> ResponseCell? {
        switch (cell, shape.kind) {
        case (.object(let group, let row), _):
            guard results[Int(group)].nulled?[Int(row)] == true else { return cell }
            return shape.isNonNull ? nil : .null
        case (.list(let items), .list(let item)):
            var cells: [ResponseCell] = []
            cells.reserveCapacity(items.count)
            for element in items {
                guard let settled = settled(element, item, results) else { return shape.isNonNull ? nil : .null }
                cells.append(settled)
            }
            return .list(cells)
        default: return cell
        }
    }
}

extension Completion {
    /// Where objects of the type are collected; nil where it may not stand here.
    private mutating func child(of typeName: String, _ expected: String, _ isAbstract: Bool) -> Int? {
        if lastChild < children.count, children[lastChild].type.type.name == typeName { return lastChild }
        if let position = children.firstIndex(where: { $0.type.type.name == typeName }) {
            lastChild = position
            return position
        }
        let runtime = job.executor.runtime
        guard runtime.schema.isPossible(typeName, as: expected), let type = runtime.object(named: typeName) else {
            return nil
        }
        children.append(ChildObjects(type: type))
        lastChild = children.count - 1
        return lastChild
    }

    private func wrongType(_ typeName: String, _ expected: String, _ isAbstract: Bool) -> GraphQLError {
        guard isAbstract else {
            return GraphQLError(message: "Expected value of type '\(expected)' but got: <\(typeName)>.")
        }
        return GraphQLError(
            message: "Runtime Object type '\(typeName)' is not a possible type for '\(expected)'.")
    }

    private func executeChildren() async -> [Executor.GroupOutcome] {
        let sets = job.field.selectionSets
        if children.count == 1 { return [await execute(children[0], sets)] }
        return await withTaskGroup(of: (Int, Executor.GroupOutcome).self) { group in
            for (position, child) in children.enumerated() {
                let completion = self
                group.addTask { (position, await completion.execute(child, sets)) }
            }
            var outcomes = [Executor.GroupOutcome?](repeating: nil, count: children.count)
            for await (position, outcome) in group { outcomes[position] = outcome }
            return outcomes.compactMap(\.self)
        }
    }

    private func execute(_ child: ChildObjects, _ sets: [SelectionSet]) async -> Executor.GroupOutcome {
        let origin = ObjectGroup.Origin(
            group: job.group, field: job.field, position: job.position, shape: shape, rows: child.rows,
            indices: child.indices)
        guard let parents = child.type.makeColumn(child.objects) else { return foreign(child) }
        return await job.executor.execute(ObjectGroup(type: child.type, parents: parents, origin: origin), sets)
    }

    /// The outcome for values that were made with another `ObjectType` of the same name than the one in the schema.
    private func foreign(_ child: ChildObjects) -> Executor.GroupOutcome {
        let error = SchemaError(problems: ["Values of \(child.type.type.name) are not those of the schema's type."])
        let depth = shape.listDepth
        let failures = child.rows.indices.map { index in
            var place = ResponsePlace(
                job.group, row: Int(child.rows[index]), field: job.field, position: job.position, shape: shape)
            place.append(child.indices[(index * depth)..<((index + 1) * depth)], shape)
            var presented = job.presented(error)
            presented.path = place.path
            return FieldFailure(error: presented, place: place)
        }
        return Executor.GroupOutcome(result: GroupResult(nulled: child.rows.count), failures: failures)
    }
}

/// Objects of one type below one field, and where they belong.
private struct ChildObjects: Sendable {
    let type: RuntimeObject
    private(set) var objects: [any TypedObject] = []
    private(set) var rows: [Int32] = []
    private(set) var indices: [Int32] = []

    init(type: RuntimeObject) {
        self.type = type
    }

    mutating func append(_ object: any TypedObject, _ row: Int, _ indices: [Int32]) -> Int32 {
        objects.append(object)
        rows.append(Int32(row))
        self.indices += indices
        return Int32(objects.count - 1)
    }
}
