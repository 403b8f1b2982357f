/// Waits until `work` returns, but no longer than `duration`; then the work is cancelled and left to itself.
///
/// A task group would wait for it all the same, so this takes tasks of their own.
func waitAtMost(_ duration: Duration, for work: @escaping @Sendable () async -> Void) async {
    let (stream, end) = AsyncStream<Void>.makeStream()
    let working = Task {
        await work()
        end.finish()
    }
    let timer = Task {
        try? await Task.sleep(for: duration)
        end.finish()
    }
    for await _ in stream {}
    working.cancel()
    timer.cancel()
}
