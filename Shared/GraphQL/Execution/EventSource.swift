/// A subscription's source stream with its elements made outputs, whatever sequence it came from.
@usableFromInline
struct EventSource: Sendable {
    /// Starts one iteration; the closure it answers gives the next event, nil at the end.
    let start: @Sendable () -> () async throws -> OutputValue?

    init<Events: AsyncSequence & Sendable>(_ events: Events) where Events.Element: OutputConvertible {
        start = {
            var iterator = events.makeAsyncIterator()
            return { try await iterator.next()?.graphQLOutput }
        }
    }
}
