import CLDAP
import Domain
import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A connection to one host of a directory. Its calls block; it belongs to one thread.
final class DirectoryConnection {
    private static let connectSeconds = 5
    private static let answerSeconds = 10

    // libldap sets itself up at its first call, which must not be two at once.
    private static let isSetUp: Bool = {
        var level: Int32 = 0
        return ldap_get_option(nil, LDAP_OPT_DEBUG_LEVEL, &level) == LDAP_OPT_SUCCESS
    }()

    private let handle: OpaquePointer

    /// Connects, with TLS as the settings want it. Throws `LDAPError`.
    init(host: String, settings: LDAPSettings) throws(LDAPError) {
        _ = Self.isSetUp
        var handle: OpaquePointer?
        try Self.check(ldap_initialize(&handle, Self.url(host, settings)), "connecting to \(host)")
        guard let handle else { throw LDAPError(code: LDAPError.local, "there is no memory for a connection") }
        self.handle = handle
        try setOptions()
        guard settings.tlsMode != .none else { return }
        try setTLSOptions(settings)
        guard settings.tlsMode == .startTLS else { return }
        try Self.check(ldap_start_tls_s(handle, nil, nil), "starting TLS with \(host)")
    }

    deinit {
        ldap_unbind_ext_s(handle, nil, nil)
    }

    static func url(_ host: String, _ settings: LDAPSettings) -> String {
        let scheme = settings.tlsMode == .ldaps ? "ldaps" : "ldap"
        let colons = host.count { $0 == ":" }
        if colons == 1 { return "\(scheme)://\(host)" }
        let name = colons > 1 && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(scheme)://\(name):\(settings.port)"
    }

    private func setOptions() throws(LDAPError) {
        var version = Int32(LDAP_VERSION3)
        try Self.check(ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version), "choosing version 3")
        // A referral would send our password to a host of somebody else's choice.
        try Self.check(ldap_set_option(handle, LDAP_OPT_REFERRALS, nil), "turning referrals off")
        var connecting = timeval(tv_sec: Self.connectSeconds, tv_usec: 0)
        try Self.check(ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &connecting), "setting a time limit")
        var answering = timeval(tv_sec: Self.answerSeconds, tv_usec: 0)
        try Self.check(ldap_set_option(handle, LDAP_OPT_TIMEOUT, &answering), "setting a time limit")
    }

    private func setTLSOptions(_ settings: LDAPSettings) throws(LDAPError) {
        var requirement = Int32(settings.verifiesCertificates ? LDAP_OPT_X_TLS_DEMAND : LDAP_OPT_X_TLS_NEVER)
        try Self.check(
            ldap_set_option(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, &requirement), "choosing whether certificates count")
        // The header's macro for TLS 1.2 is too much for Swift: major version 3, minor version 3.
        var version: Int32 = (3 << 8) + 3
        try Self.check(ldap_set_option(handle, LDAP_OPT_X_TLS_PROTOCOL_MIN, &version), "choosing TLS 1.2")
        try setFile(LDAP_OPT_X_TLS_CACERTFILE, settings.issuersFile)
        try setFile(LDAP_OPT_X_TLS_CERTFILE, settings.clientCertificateFile)
        try setFile(LDAP_OPT_X_TLS_KEYFILE, settings.clientKeyFile)
        // The options above count from the next context on.
        var isServer: Int32 = 0
        let code = ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &isServer)
        guard code == LDAP_OPT_SUCCESS else {
            throw LDAPError(code: LDAPError.local, "the files for TLS with the directory cannot be used")
        }
    }

    private func setFile(_ option: Int32, _ path: String?) throws(LDAPError) {
        guard let path else { return }
        try Self.check(ldap_set_option(handle, option, path), "reading \(path)")
    }

    /// A simple bind (RFC 4513, section 5.1.3). The password must not be empty: that would be a success that proves nothing
    /// (section 5.1.2).
    func bind(name: String, password: Secret) throws(LDAPError) {
        guard !password.revealed.isEmpty, !name.isEmpty else {
            throw LDAPError(code: LDAP_INVALID_CREDENTIALS, "a bind without a name or a password proves nothing")
        }
        var bytes = password.revealed.utf8.map { CChar(bitPattern: $0) }
        let code = bytes.withUnsafeMutableBufferPointer { buffer in
            var credentials = berval(bv_len: ber_len_t(buffer.count), bv_val: buffer.baseAddress)
            return ldap_sasl_bind_s(handle, name, nil, &credentials, nil, nil, nil)
        }
        try Self.check(code, "binding")
    }

    /// The entries below `base`, at most `countMax`; more than that is an error of the directory's.
    func search(
        base: String, filter: String, attributes: [String], countMax: Int32
    ) throws(LDAPError) -> [DirectoryEntry] {
        var names: [UnsafeMutablePointer<CChar>?] = attributes.map { strdup($0) } + [nil]
        defer { for name in names { free(name) } }
        var limit = timeval(tv_sec: Self.answerSeconds, tv_usec: 0)
        var result: OpaquePointer?
        let code = ldap_search_ext_s(
            handle, base, Int32(LDAP_SCOPE_SUBTREE), filter, &names, 0, nil, nil, &limit, countMax, &result)
        defer { ldap_msgfree(result) }
        // Nothing below that name: as good as nothing found.
        if code == LDAP_NO_SUCH_OBJECT { return [] }
        try Self.check(code, "searching below \(base)")
        var entries: [DirectoryEntry] = []
        var message = ldap_first_entry(handle, result)
        while let entry = message {
            entries.append(read(entry, attributes))
            message = ldap_next_entry(handle, entry)
        }
        return entries
    }

    private func read(_ entry: OpaquePointer, _ attributes: [String]) -> DirectoryEntry {
        let name = ldap_get_dn(handle, entry)
        defer { ldap_memfree(name) }
        var values: [String: [[UInt8]]] = [:]
        for attribute in attributes {
            guard let found = ldap_get_values_len(handle, entry, attribute) else { continue }
            defer { ldap_value_free_len(found) }
            for position in 0..<Int(ldap_count_values_len(found)) {
                guard let value = found[position]?.pointee, let base = value.bv_val else { continue }
                let bytes = UnsafeRawBufferPointer(start: base, count: Int(value.bv_len))
                values[attribute.lowercased(), default: []].append(Array(bytes))
            }
        }
        return DirectoryEntry(name: name.map { String(cString: $0) } ?? "", values: values)
    }

    private static func check(_ code: Int32, _ work: String) throws(LDAPError) {
        guard code != LDAP_SUCCESS else { return }
        throw LDAPError(code: code, "\(work): \(String(cString: ldap_err2string(code)))")
    }
}
