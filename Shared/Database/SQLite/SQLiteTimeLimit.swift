import CSQLite

/// Stops a statement that runs too long, or whose caller has gone.
final class SQLiteTimeLimit {
    /// In steps of SQLite's virtual machine: well below a millisecond.
    private static let interval: Int32 = 20_000

    private var terms: TransactionTerms?
    /// Set when the caller's leaving was the reason to stop.
    private(set) var wasCancelled = false

    func watch(_ connection: OpaquePointer) {
        sqlite3_progress_handler(
            connection, Self.interval,
            { context in
                guard let context else { return 0 }
                return Unmanaged<SQLiteTimeLimit>.fromOpaque(context).takeUnretainedValue().shouldStop() ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    func start(_ terms: TransactionTerms) {
        self.terms = terms
        wasCancelled = false
    }

    /// What follows (a commit, a rollback) is carried through.
    func stop() {
        terms = nil
        wasCancelled = false
    }

    private func shouldStop() -> Bool {
        guard let terms else { return false }
        if terms.isCancelled() { wasCancelled = true }
        return wasCancelled || ContinuousClock.now >= terms.deadline
    }
}
