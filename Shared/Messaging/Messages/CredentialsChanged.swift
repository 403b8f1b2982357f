/// Credentials were revoked, or what they stand for has changed: nobody may go on with what they remember of them.
public struct CredentialsChanged: BusMessage {
    public static let topic = "credentials-changed"
    public static let version = 1

    /// Rows of `users`: everything of theirs.
    public var userIDs: [Int64]
    /// Rows of `access_tokens`.
    public var accessTokenIDs: [Int64]
    /// Rows of `api_keys`.
    public var apiKeyIDs: [Int64]

    public init(userIDs: [Int64] = [], accessTokenIDs: [Int64] = [], apiKeyIDs: [Int64] = []) {
        self.userIDs = userIDs
        self.accessTokenIDs = accessTokenIDs
        self.apiKeyIDs = apiKeyIDs
    }
}
