import Logging

extension Database {
    /// Returns once the database answers, trying again with growing pauses and a message for each failure: at boot the
    /// database may come up later than we do.
    ///
    /// Throws at once what waiting will not mend (a wrong password, a folder that is missing), `unavailable` once
    /// `patience` is used up, and `CancellationError`.
    public func waitUntilReachable(logging logger: Logger, patience: Duration? = nil) async throws {
        let giveUpAt = patience.map { ContinuousClock.now + $0 }
        var backoff = Backoff(first: .milliseconds(250), longest: .seconds(5))
        var attempt = 1
        while true {
            do {
                return try await read { _ = try $0.query("SELECT 1") }
            } catch let error as DatabaseError where error.isRetryable {
                let pause = backoff.next()
                if let giveUpAt, ContinuousClock.now + pause > giveUpAt { throw error }
                logger.warning(
                    "the database cannot be reached yet; trying again",
                    metadata: [
                        "database": "\(location)", "attempt": "\(attempt)", "error": "\(error)",
                        "pause": "\(pause.wholeMilliseconds) ms",
                    ])
                attempt += 1
                try await Task.sleep(for: pause)
            }
        }
    }
}
