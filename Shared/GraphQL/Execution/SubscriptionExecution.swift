extension ExecutableSchema {
    /// Subscribes to a subscription's events (October 2021, 6.2.3). The document must have been validated.
    ///
    /// - Throws: the answer to the request where there is no stream: it was refused, or its resolver failed.
    public func subscribe(
        _ document: Document, operationName: String? = nil, variables: [InputValue.ObjectField] = [],
        context: Context, limits: ExecutionLimits = ExecutionLimits()
    ) async throws(SubscriptionRefusal) -> ResponseStream {
        switch runtime.prepare(document, operationName, variables) {
        case .failure(let refusal):
            throw SubscriptionRefusal(response: GraphQLResponse(refusedWith: refusal.errors))
        case .success(let operation):
            return try await runtime.subscribe(operation, context: context, limits: limits)
        }
    }
}

/// A subscription that did not come about.
public struct SubscriptionRefusal: Error {
    /// What the request is answered with.
    public let response: GraphQLResponse
}

/// A subscription's answers, one for each event of its source (October 2021, `MapSourceToResponseEvent`).
///
/// Nothing runs between two calls of `next`: the source is asked for an event when an answer is asked for. An error of
/// the source is the last answer. Iterate it once.
public struct ResponseStream: AsyncSequence, Sendable {
    public typealias Element = GraphQLResponse
    public typealias Failure = Never

    let source: EventSource
    let respond: @Sendable (OutputValue) async -> GraphQLResponse
    let fail: @Sendable (any Error) -> GraphQLResponse

    public func makeAsyncIterator() -> Iterator {
        Iterator(next: source.start(), stream: self)
    }

    public struct Iterator: AsyncIteratorProtocol {
        var next: (() async throws -> OutputValue?)?
        let stream: ResponseStream

        public mutating func next() async -> GraphQLResponse? {
            guard let nextEvent = next, !Task.isCancelled else { return nil }
            do {
                guard let event = try await nextEvent() else { return nil }
                return await stream.respond(event)
            } catch is CancellationError {
                return nil
            } catch {
                next = nil
                return stream.fail(error)
            }
        }
    }
}

extension RuntimeSchema {
    func subscribe(
        _ operation: PreparedOperation, context: any Sendable, limits: ExecutionLimits
    ) async throws(SubscriptionRefusal) -> ResponseStream {
        let executor = Executor(
            runtime: self, scope: operation.scope, context: context, gate: ResolverGate(limits))
        let group = ObjectGroup(type: operation.root, parents: Parents([RootValue()]), origin: nil)
        guard let job = executor.jobs(of: group, [operation.definition.selectionSet]).first,
            case .stream(let subscribe) = job.definition.resolver
        else {
            let message = "The operation is no subscription."
            throw SubscriptionRefusal(response: GraphQLResponse(refusedWith: [GraphQLError(message: message)]))
        }
        do {
            return responses(try await subscribe(job.prepare()), to: job, limits)
        } catch {
            throw SubscriptionRefusal(response: job.refusal(error))
        }
    }

    private func responses(_ source: EventSource, to job: FieldJob, _ limits: ExecutionLimits) -> ResponseStream {
        ResponseStream(
            source: source,
            respond: { event in
                await withTimeLimit(limits.timeMax) {
                    let gate = ResolverGate(limits)
                    var job = job
                    job.executor.gate = gate
                    let outcome = await StartedJob(job: job, state: .resolved([event])).finish()
                    guard !gate.budget.isExceeded else {
                        return GraphQLResponse(data: nil, errors: [gate.budget.error])
                    }
                    let result = GroupResult(fields: [job.field], columns: [outcome.column], count: 1)
                    return GraphQLResponse(data: result, errors: outcome.failures.reported())
                }
            }, fail: { job.refusal($0) })
    }
}

extension FieldJob {
    /// The answer to a subscription whose source failed.
    fileprivate func refusal(_ error: any Error) -> GraphQLResponse {
        var presented = presented(error)
        presented.path = [.key(field.key)]
        return GraphQLResponse(refusedWith: [presented])
    }
}
