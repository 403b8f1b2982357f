/// Executes the selections of one operation breadth-first: the objects that a field gives for all its parents are
/// resolved together, field by field (October 2021, 6.3 and 6.4).
struct Executor: Sendable {
    let runtime: RuntimeSchema
    let scope: OperationScope
    let context: any Sendable
    var gate: ResolverGate

    struct GroupOutcome: Sendable {
        var result: GroupResult
        var failures: [FieldFailure]
    }

    struct ColumnOutcome: Sendable {
        var column: ResponseColumn
        var failures: [FieldFailure] = []

        init(column: ResponseColumn, failures: [FieldFailure] = []) {
            self.column = column
            self.failures = failures
        }

        /// A field that is null for all objects.
        init(nulls count: Int) {
            self.init(column: ResponseColumn(cells: .leaves([OutputValue](repeating: .null, count: count))))
        }
    }

    /// Resolves what is selected on a group of objects.
    ///
    /// - Parameter serially: whether one field is finished, with all below it, before the next begins, as the root
    ///   fields of mutations are (October 2021, 6.2.2).
    func execute(_ group: ObjectGroup, _ sets: [SelectionSet], serially: Bool = false) async -> GroupOutcome {
        let jobs = jobs(of: group, sets)
        guard gate.budget.spend(jobs.count * group.count) else {
            // Whoever began the operation answers with the one error; this only ends it soon.
            return GroupOutcome(result: GroupResult(nulled: group.count), failures: [])
        }
        var outcomes = [ColumnOutcome?](repeating: nil, count: jobs.count)
        if serially {
            for job in jobs { outcomes[job.position] = await job.run() }
        } else {
            var pending: [StartedJob] = []
            for job in jobs {
                switch job.start() {
                case .finished(let outcome): outcomes[job.position] = outcome
                case .pending(let started): pending.append(started)
                }
            }
            await finish(pending, &outcomes)
        }
        let finished = outcomes.compactMap(\.self)
        return GroupOutcome(
            result: GroupResult(fields: jobs.map(\.field), columns: finished.map(\.column), count: group.count),
            failures: finished.flatMap(\.failures))
    }

    /// What is to be resolved, in the document's order.
    func jobs(of group: ObjectGroup, _ sets: [SelectionSet]) -> [FieldJob] {
        var jobs: [FieldJob] = []
        for field in FieldCollector.fields(of: sets, scope, typeName: group.type.type.name) {
            guard let definition = group.type.fields[field.nodes[0].name.text] else { continue }
            jobs.append(
                FieldJob(
                    executor: self, group: group, field: field, position: jobs.count, definition: definition))
        }
        return jobs
    }

    private func finish(_ pending: [StartedJob], _ outcomes: inout [ColumnOutcome?]) async {
        if pending.count == 1 {
            outcomes[pending[0].job.position] = await pending[0].finish()
            return
        }
        guard !pending.isEmpty else { return }
        await withTaskGroup(of: (Int, ColumnOutcome).self) { group in
            for started in pending {
                group.addTask { (started.job.position, await started.finish()) }
            }
            for await (position, outcome) in group { outcomes[position] = outcome }
        }
    }
}

/// One field of a group, to be resolved for all its objects.
struct FieldJob: Sendable {
    var executor: Executor
    let group: ObjectGroup
    let field: CollectedField
    let position: Int
    let definition: RuntimeField

    enum Start {
        case finished(Executor.ColumnOutcome)
        case pending(StartedJob)
    }

    /// Does what can be done without waiting.
    func start() -> Start {
        do {
            let info = try prepare()
            guard case .sync(let resolve) = definition.resolver else {
                return .pending(StartedJob(job: self, state: .unresolved(info)))
            }
            let values = try resolve(group.parents, info)
            if definition.shape.isLeaf {
                var completion = Completion(self)
                return .finished(completion.completeLeaves(try checked(values)))
            }
            return .pending(StartedJob(job: self, state: .resolved(try checked(values))))
        } catch {
            return .finished(failed(error))
        }
    }

    func run() async -> Executor.ColumnOutcome {
        switch start() {
        case .finished(let outcome): outcome
        case .pending(let started): await started.finish()
        }
    }

    /// Asks the host's guard and coerces the arguments.
    func prepare() throws -> FieldInfo {
        if definition.isGuarded {
            try executor.runtime.fieldGuard(executor.context, definition.typeName, definition.definition.name)
        }
        return FieldInfo(
            context: executor.context, arguments: try arguments(),
            selection: SelectedFields(scope: executor.scope, sets: field.selectionSets),
            typeName: definition.typeName, fieldName: definition.definition.name, gate: executor.gate)
    }

    private func arguments() throws -> Arguments {
        guard !definition.definition.arguments.isEmpty else { return Arguments() }
        let node = field.nodes[0]
        do throws(InputCoercion.LiteralError) {
            return try executor.runtime.inputs.arguments(
                definition.definition.arguments, node.arguments, at: node.location, executor.scope.variables)
        } catch {
            let location = executor.scope.document.source.location(of: error.location)
            throw GraphQLError(message: error.message, locations: [location])
        }
    }

    /// The values, if there is one for each parent.
    func checked(_ values: [OutputValue]) throws -> [OutputValue] {
        guard values.count == group.count else {
            throw SchemaError(problems: [
                "The resolver of \(definition.typeName).\(definition.definition.name) answered \(values.count) values"
                    + " for \(group.count) parents."
            ])
        }
        return values
    }

    /// The same error for all objects.
    func failed(_ error: any Error) -> Executor.ColumnOutcome {
        // Nobody will see it, and there may be very many objects.
        if executor.gate.budget.isExceeded { return Executor.ColumnOutcome(nulls: group.count) }
        var completion = Completion(self)
        return completion.completeLeaves([OutputValue](repeating: .failure(error), count: group.count))
    }

    /// The error as the answer has it, at the field's places in the document.
    func presented(_ error: any Error) -> GraphQLError {
        var presented =
            error is CancellationError
            ? GraphQLError(message: "The request was cancelled.")
            : executor.runtime.presentError(error, executor.context)
        if presented.locations.isEmpty {
            presented.locations = field.nodes.map { executor.scope.document.source.location(of: $0.location) }
        }
        return presented
    }
}

/// A field whose resolver, or what is below it, may have to wait.
struct StartedJob: Sendable {
    enum State: Sendable {
        case unresolved(FieldInfo)
        case resolved([OutputValue])
    }

    let job: FieldJob
    let state: State

    func finish() async -> Executor.ColumnOutcome {
        do {
            switch state {
            case .resolved(let values): return await complete(values)
            case .unresolved(let info):
                guard case .async(let resolve) = job.definition.resolver else {
                    return job.failed(GraphQLError(message: "The field is one of a subscription."))
                }
                return await complete(try job.checked(try await resolve(job.group.parents, info)))
            }
        } catch {
            return job.failed(error)
        }
    }

    private func complete(_ values: [OutputValue]) async -> Executor.ColumnOutcome {
        var completion = Completion(job)
        if job.definition.shape.isLeaf { return completion.completeLeaves(values) }
        return await completion.completeObjects(values)
    }
}
