import Database
import Domain

/// The table `mails`: what is to be sent, and what became of it.
///
/// A mail is entered by the transaction that is its cause, so neither is there without the other. Mailers claim mails for a
/// limited time; one that dies leaves its mails to the others. Once a mail is sent or given up, its text is blanked: it may
/// hold a link that signs somebody in.
public struct MailOutbox: Sendable {
    /// Longer reasons are cut.
    static let errorCharactersMax = 500

    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// Enters a mail, to be sent as soon as the transaction is committed; returns its id. Tell the mailers afterwards (the
    /// bus request `MailWaits`), or they will find it by themselves within a minute.
    @discardableResult
    public static func enqueue(
        _ mail: OutgoingMail, on connection: DatabaseConnection, now: Int64 = SystemClock.now()
    ) throws -> Int64 {
        let rows = try connection.query(
            """
            INSERT INTO mails
                (recipient, recipient_name, kind, subject, text, html, created_at, next_attempt_at, attempts, in_doubt)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, 0) RETURNING id
            """,
            [
                .text(mail.recipient), .optional(mail.recipientName), .text(mail.kind.rawValue),
                .text(mail.subject), .text(mail.text), .text(mail.html), .integer(now),
            ])
        return try rows[0].integer(0)
    }

    /// Takes up to `count` mails that are due and that nobody else has, the longest due first, until `now + lease`
    /// (nanoseconds). Counts the attempt.
    public func claim(_ count: Int, by mailer: String, lease: Int64, now: Int64) async throws -> [ClaimedMail] {
        let mails = try await database.write { connection in
            // Other mailers' rows are passed over, not waited for. SQLite has one writer at a time.
            let lock = connection.dialect == .postgres ? "FOR UPDATE SKIP LOCKED" : ""
            return try connection.query(
                """
                UPDATE mails SET claimed_by = $1, claimed_until = $2, attempts = attempts + 1
                WHERE id IN (
                    SELECT id FROM mails
                    WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= $3
                        AND (claimed_until IS NULL OR claimed_until <= $3)
                    ORDER BY next_attempt_at, id LIMIT $4 \(lock)
                )
                RETURNING id, recipient, recipient_name, kind, subject, text, html, created_at, attempts, in_doubt
                """,
                [.text(mailer), .integer(now + lease), .integer(now), .integer(Int64(count))]
            ).map(ClaimedMail.init)
        }
        return mails.sorted { $0.id < $1.id }
    }

    /// To be called when a server is about to be given the mail's content: a mailer that dies from here on leaves it open
    /// whether the mail was sent. False if the lease is over, and then it must not be sent.
    public func beginHandover(_ id: Int64, by mailer: String, lease: Int64, now: Int64) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE mails SET in_doubt = in_doubt + 1, claimed_until = $3
                WHERE id = $1 AND claimed_by = $2 AND claimed_until > $4 AND sent_at IS NULL AND failed_at IS NULL
                """,
                [.integer(id), .text(mailer), .integer(now + lease), .integer(now)]) == 1
        }
    }

    /// A server has taken the mail, whoever may have claimed it since.
    public func markSent(_ id: Int64, answer: String, now: Int64) async throws {
        try await finish(id, "sent_at = $2, failed_at = NULL", reason: answer, now: now)
    }

    /// Nobody will try again.
    public func giveUp(_ id: Int64, reason: String, now: Int64) async throws {
        try await finish(id, "failed_at = $2", reason: reason, now: now)
    }

    /// The mail is tried again at `time` by whoever comes first. `isInDoubt`: it may have been taken, and nobody knows.
    public func postpone(
        _ id: Int64, by mailer: String, until time: Int64, isInDoubt: Bool, reason: String
    ) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                """
                UPDATE mails SET next_attempt_at = $3, claimed_by = NULL, claimed_until = NULL,
                    in_doubt = CASE WHEN $5 = 1 THEN in_doubt ELSE 0 END,
                    last_error = $4
                WHERE id = $1 AND claimed_by = $2 AND sent_at IS NULL AND failed_at IS NULL
                """,
                [
                    .integer(id), .text(mailer), .integer(time), .text(Self.shortened(reason)),
                    .integer(isInDoubt ? 1 : 0),
                ])
        }
    }

    /// Gives back mails that were claimed and not tried: the mailer stops.
    public func release(by mailer: String) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                """
                UPDATE mails SET claimed_by = NULL, claimed_until = NULL, attempts = attempts - 1
                WHERE claimed_by = $1 AND in_doubt = 0 AND sent_at IS NULL AND failed_at IS NULL
                """, [.text(mailer)])
        }
    }

    /// When the next mail is due, or may be claimed again; nil when nothing waits.
    public func nextDue() async throws -> Int64? {
        try await database.read { connection in
            try connection.query(
                """
                SELECT MIN(CASE WHEN claimed_until > next_attempt_at THEN claimed_until ELSE next_attempt_at END)
                FROM mails WHERE sent_at IS NULL AND failed_at IS NULL
                """
            )[0].optionalInteger(0)
        }
    }

    public func counts() async throws -> MailCounts {
        try await database.read { connection in
            let row = try connection.query(
                """
                SELECT COUNT(*) FILTER (WHERE sent_at IS NULL AND failed_at IS NULL),
                    COUNT(*) FILTER (WHERE sent_at IS NOT NULL), COUNT(*) FILTER (WHERE failed_at IS NOT NULL),
                    MIN(created_at) FILTER (WHERE sent_at IS NULL AND failed_at IS NULL)
                FROM mails
                """)[0]
            return MailCounts(
                waiting: try row.integer(0), sent: try row.integer(1), failed: try row.integer(2),
                oldestWaiting: try row.optionalInteger(3))
        }
    }

    /// Deletes what was sent or given up and is older than `time`; returns how many.
    @discardableResult
    public func removeFinished(before time: Int64) async throws -> Int {
        try await database.write { connection in
            try connection.execute(
                "DELETE FROM mails WHERE created_at < $1 AND (sent_at IS NOT NULL OR failed_at IS NOT NULL)",
                [.integer(time)])
        }
    }

    private func finish(_ id: Int64, _ state: String, reason: String, now: Int64) async throws {
        try await database.write { connection in
            _ = try connection.execute(
                """
                UPDATE mails SET \(state), last_error = $3, text = '', html = '', claimed_by = NULL,
                    claimed_until = NULL
                WHERE id = $1 AND sent_at IS NULL
                """,
                [.integer(id), .integer(now), .text(Self.shortened(reason))])
        }
    }

    private static func shortened(_ reason: String) -> String {
        String(reason.replacing("\0", with: " ").prefix(errorCharactersMax))
    }
}

extension ClaimedMail {
    fileprivate init(_ row: SQLRow) throws {
        self.init(
            id: try row.integer(0), recipient: try row.text(1), recipientName: try row.optionalText(2),
            kind: try row.text(3), subject: try row.text(4), text: try row.text(5), html: try row.text(6),
            createdAt: try row.integer(7), attempts: try row.integer(8), inDoubt: try row.integer(9))
    }
}
