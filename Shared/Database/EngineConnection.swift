/// What both engines' connections can do. Used by one thread only.
protocol EngineConnection: AnyObject {
    var dialect: SQLDialect { get }
    /// False once the connection has died; it is then closed and replaced.
    var isUsable: Bool { get }

    /// The same as `takeTurn` if it need not wait; otherwise false.
    func takeTurnAtOnce() -> Bool
    /// Waits until this process may write, where only one may at a time.
    func takeTurn()
    /// Lets the next one write. Does what is better done between transactions, after the caller has its answer.
    func endTurn()

    func begin(_ terms: TransactionTerms) throws
    /// Returns when the transaction is durable. After an error it is rolled back, or the connection not usable.
    func commit() throws
    /// After it, either no transaction is open or the connection is not usable.
    func rollback()

    func execute(_ sql: String, _ values: [SQLValue]) throws -> Int
    func query(_ sql: String, _ values: [SQLValue]) throws -> [SQLRow]
    func query(_ sql: String, _ values: [SQLValue], each: (borrowing SQLRow) throws -> Void) throws
    func executeScript(_ sql: String) throws

    func close()
}

/// What a transaction may do, and for how long.
struct TransactionTerms {
    enum Access {
        case read
        case write
    }

    let access: Access
    let time: Duration
    let deadline: ContinuousClock.Instant
    /// Asked now and then during long reads.
    let isCancelled: () -> Bool

    init(access: Access, time: Duration, isCancelled: @escaping () -> Bool = { false }) {
        self.access = access
        self.time = time
        self.deadline = .now + time
        self.isCancelled = isCancelled
    }
}
