import CLDAP

/// Names of entries (RFC 4514).
enum DistinguishedName {
    /// One spelling for all ways to write a name: no needless spaces or escapes, lowercase. Text that is no name stays as
    /// it is, in lowercase.
    static func normalised(_ text: String) -> String {
        var parsed: LDAPDN?
        guard ldap_str2dn(text, &parsed, UInt32(LDAP_DN_FORMAT_LDAPV3)) == LDAP_SUCCESS, let parsed else {
            return text.lowercased()
        }
        defer { ldap_dnfree(parsed) }
        var written: UnsafeMutablePointer<CChar>?
        guard ldap_dn2str(parsed, &written, UInt32(LDAP_DN_FORMAT_LDAPV3)) == LDAP_SUCCESS, let written else {
            return text.lowercased()
        }
        defer { ldap_memfree(written) }
        return String(cString: written).lowercased()
    }
}
