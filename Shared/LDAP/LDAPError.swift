/// What a directory answered instead of success (RFC 4511, section 4.1.9), or why it was not reached. Never holds a
/// password.
public struct LDAPError: Error, Sendable, Hashable, CustomStringConvertible {
    public var code: Int32
    public var description: String

    public init(code: Int32, _ description: String) {
        self.code = code
        self.description = description
    }

    /// Another host of the same directory may do better: not reached, no answer in time, busy or unavailable.
    var isOfConnection: Bool { code < 0 && code != LDAPError.local || code == 51 || code == 52 }

    /// The name or the password is wrong (section A.2).
    var isOfCredentials: Bool { [invalidCredentials, 48, 50, 32, 34, 53].contains(code) }

    private var invalidCredentials: Int32 { 49 }

    /// Something of this side, such as a file that cannot be used: -2 is LDAP_LOCAL_ERROR.
    static let local: Int32 = -2
}
