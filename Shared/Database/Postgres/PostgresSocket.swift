import CPostgres
import Foundation
import Logging

/// libpq's connection, driven without ever blocking in libpq: all waiting is in one place, with a deadline.
final class PostgresSocket {
    /// How often a long wait looks whether its caller has gone.
    private static let cancellationInterval = Duration.milliseconds(250)
    /// How long decrypted bytes may lie within the TLS library, where `poll` does not see them and libpq, which reads in
    /// pieces of its own, may have left some.
    private static let hiddenInputInterval = Duration.milliseconds(20)

    private var connection: OpaquePointer?
    private let isEncrypted: Bool
    private let notices: NoticeLog
    private(set) var deadline: ContinuousClock.Instant = .now
    private var isCancelled: () -> Bool = { false }

    /// Takes ownership of an established connection.
    init(_ connection: OpaquePointer, logger: Logger) {
        self.connection = connection
        isEncrypted = PQsslInUse(connection) == 1 || PQgssEncInUse(connection) == 1
        notices = NoticeLog(logger: logger)
        PQsetnonblocking(connection, 1)
        notices.listen(to: connection)
    }

    deinit {
        close()
    }

    /// All waits from now on end at `deadline`, with `timedOut`.
    func limit(to deadline: ContinuousClock.Instant, isCancelled: @escaping () -> Bool = { false }) {
        self.deadline = deadline
        self.isCancelled = isCancelled
    }

    func close() {
        guard let connection else { return }
        PQfinish(connection)
        self.connection = nil
    }

    /// libpq has not noticed the connection's end.
    var isOpen: Bool { connection.map { PQstatus($0) == CONNECTION_OK } ?? false }

    var transactionStatus: PGTransactionStatusType {
        connection.map { PQtransactionStatus($0) } ?? PQTRANS_UNKNOWN
    }

    /// The server still has something to say about the last statement.
    var isAnswering: Bool { transactionStatus == PQTRANS_ACTIVE }

    /// Whether it can be used. An idle connection that the server has closed says so when asked; so most of those that
    /// died unnoticed are found before a statement is sent.
    var isAlive: Bool {
        guard let connection, isOpen else { return false }
        guard transactionStatus == PQTRANS_IDLE else { return true }
        // Its last words come first, then the end: several reads.
        for _ in 0..<16 {
            var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 0) > 0 else { return true }
            guard PQconsumeInput(connection) == 1, PQisBusy(connection) == 0, isOpen else { return false }
        }
        return false
    }
}

// MARK: - Sending and receiving

extension PostgresSocket {
    /// Sends what `operation` queues in libpq.
    func send(_ operation: (OpaquePointer) -> Int32) throws {
        guard let connection, operation(connection) == 1 else { throw lost() }
        try flush()
    }

    func deliverRowByRow() {
        guard let connection else { return }
        PQsetSingleRowMode(connection)
    }

    /// Hands over each result of what was sent. Takes in all of them even if one is an error, then throws the first.
    func results(_ body: (PostgresResult) throws -> Void) throws {
        var failure: (any Error)?
        while let result = try nextResult() {
            if failure != nil { continue }
            guard !result.isCopy else {
                close()
                throw DatabaseError.unsupported("COPY is run by copyIn")
            }
            do {
                try body(result)
            } catch {
                // More rows of the same statement may come without end; the caller has the server stop.
                if result.status == PGRES_SINGLE_TUPLE { throw error }
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private func nextResult() throws -> PostgresResult? {
        guard let connection else { throw lost() }
        while PQisBusy(connection) == 1 {
            try wait(for: Int16(POLLIN))
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
        return PQgetResult(connection).map(PostgresResult.init)
    }

    private func flush() throws {
        guard let connection else { throw lost() }
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1:
                // The server may wait for us to read before it reads on.
                let ready = try wait(for: Int16(POLLIN | POLLOUT))
                guard ready & Int16(POLLIN) == 0 || PQconsumeInput(connection) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    /// Returns which of the events have come, or may have.
    @discardableResult
    private func wait(for events: Int16) throws -> Int16 {
        while true {
            guard let connection, PQsocket(connection) >= 0 else { throw lost() }
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard remaining > .zero else { throw DatabaseError.timedOut }
            if isCancelled() { throw CancellationError() }
            var descriptor = pollfd(fd: PQsocket(connection), events: events, revents: 0)
            let interval = isEncrypted ? Self.hiddenInputInterval : Self.cancellationInterval
            let count = poll(&descriptor, 1, min(remaining, interval).wholeMilliseconds)
            if count > 0 { return descriptor.revents }
            if count == 0 && isEncrypted { return events & Int16(POLLIN) }
            guard count == 0 || errno == EINTR else { throw lost() }
        }
    }

    /// The connection has broken; it is closed.
    func lost(_ result: PostgresResult? = nil) -> DatabaseError {
        var reason = "the connection was lost"
        if let connection {
            let message = result?.errorMessage ?? String(cString: PQerrorMessage(connection))
            if !message.isEmpty { reason = message.trimmedLine }
        }
        close()
        return .unavailable(reason)
    }

    /// Asks the server to stop what it does and takes in the rest. The connection is closed if that does not work.
    func stopStatement(within time: Duration) {
        guard let connection else { return }
        limit(to: .now + time)
        guard let request = CancelRequest(connection) else { return close() }
        request.sendInBackground()
        drain()
        // One that is still under way would stop whatever comes next on this connection.
        while !request.isDone {
            guard ContinuousClock.now < deadline else { return close() }
            usleep(500)
        }
    }

    /// Takes in all that is left of an answer.
    private func drain() {
        do {
            while let result = try nextResult() {
                if result.isCopy { return close() }
            }
        } catch {
            close()
        }
    }
}

// MARK: - COPY

extension PostgresSocket {
    /// Waits until the server says that it takes rows; `check` throws for any other answer.
    func beginCopy(_ check: (PostgresResult) throws -> Void) throws {
        guard let result = try nextResult() else { throw lost() }
        guard result.status == PGRES_COPY_IN else {
            try check(result)
            throw DatabaseError.unsupported("not a COPY … FROM STDIN")
        }
    }

    func sendCopyData(_ bytes: UnsafeRawBufferPointer) throws {
        // Flushed each time, or libpq would gather without limit what a slow server does not take.
        try send { PQputCopyData($0, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)) }
    }

    func endCopy() throws {
        try send { PQputCopyEnd($0, nil) }
    }

    /// Has the server forget the rows. Its error is not worth telling: the caller has a better one.
    func abandonCopy() {
        guard isOpen else { return }
        do {
            try send { PQputCopyEnd($0, "the sender gave up") }
            drain()
        } catch {
            close()
        }
    }
}

extension PostgresResult {
    /// The server is in the midst of a COPY, and says so as often as it is asked.
    var isCopy: Bool { [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains(status) }

    var errorMessage: String { String(cString: PQresultErrorMessage(handle)) }
}

extension String {
    /// Only the first line, without what surrounds it.
    var trimmedLine: String {
        let line = split(whereSeparator: \.isNewline).first ?? ""
        return line.trimmingCharacters(in: .whitespaces)
    }
}

/// Keeps the server's notices from libpq's habit of printing them.
private final class NoticeLog {
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    func listen(to connection: OpaquePointer) {
        PQsetNoticeProcessor(
            connection,
            { context, message in
                guard let context, let message else { return }
                let log = Unmanaged<NoticeLog>.fromOpaque(context).takeUnretainedValue()
                let notice = String(cString: message).trimmedLine
                log.logger.debug("notice from the server", metadata: ["notice": "\(notice)"])
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
