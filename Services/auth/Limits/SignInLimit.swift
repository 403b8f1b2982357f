import Database
import Domain
import HTTP
import HTTPTypes
import Identity
import Storage

/// Keeps people from guessing passwords: who fails too often waits, as long as nothing has been tried for a quarter of an
/// hour. Counted in the database, so that every replica knows.
///
/// First it is the address that waits, for that account. Only far more failures, from several addresses, keep the account's
/// owner out as well.
struct SignInLimit: Sendable {
    static let refusal = APIError(.tooManyRequests, "Too many failed login attempts. Please try again later.")
    static let window: Int64 = 15 * 60 * Timestamp.nanosecondsPerSecond
    private static let addressesMax: Int64 = 10
    /// Of mail addresses (RFC 5321, section 4.5.3.1) and then some; longer names are cut before they are stored.
    private static let accountLengthMax = 320

    /// Nil for no limit.
    let failuresMax: Int64?
    let now: @Sendable () -> Int64

    /// What was typed as an account's name, as it is looked up and counted.
    static func account(_ typed: String) -> String {
        // No text column takes a NUL.
        let scalars = EmailAddress.normalise(typed).unicodeScalars.filter { $0 != "\0" }.prefix(accountLengthMax)
        return String(String.UnicodeScalarView(scalars))
    }

    /// Throws 429 for who has to wait.
    func check(_ account: String, _ address: SenderAddress, on connection: DatabaseConnection) throws {
        guard let failuresMax else { return }
        let count = try SignInFailures.count(
            account: account, address: address.network, since: now() - Self.window, on: connection)
        if count.ofPair >= failuresMax || count.ofAccount >= failuresMax * Self.addressesMax { throw Self.refusal }
    }

    func note(_ account: String, _ address: SenderAddress, on connection: DatabaseConnection) throws {
        guard failuresMax != nil else { return }
        let now = now()
        try SignInFailures.add(
            account: account, address: address.network, since: now - Self.window, on: connection, now: now)
    }

    func reset(_ account: String, _ address: SenderAddress, on connection: DatabaseConnection) throws {
        try SignInFailures.reset(account: account, address: address.network, on: connection)
    }
}
