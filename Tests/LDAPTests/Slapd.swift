import Domain
import Foundation
import TestSupport

@testable import LDAP
@testable import Settings

#if canImport(Glibc)
    import Glibc
#endif

/// A real directory server of the test's own: OpenLDAP's, in a folder that goes away with it, on free ports of loopback.
final class Slapd {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static let suffix = "dc=example,dc=com"
    let port: Int
    let tlsPort: Int
    let issuersFile: String
    /// Of somebody who has signed nothing here.
    let strangersFile: String
    private let folder: URL
    private let process: ChildProcess

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-slapd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
        port = try Self.freePort()
        tlsPort = try Self.freePort()
        issuersFile = folder.appendingPathComponent("server.pem").path
        strangersFile = folder.appendingPathComponent("stranger.pem").path
        for name in ["server", "stranger"] { try Self.makeCertificate(name, in: folder) }
        try Self.configuration(folder).write(
            to: folder.appendingPathComponent("slapd.conf"), atomically: true, encoding: .utf8)
        try Self.entries.write(to: folder.appendingPathComponent("entries.ldif"), atomically: true, encoding: .utf8)
        let file = folder.appendingPathComponent("slapd.conf").path
        try Self.run("/usr/sbin/slapadd", "-q", "-f", file, "-l", folder.appendingPathComponent("entries.ldif").path)
        process = try ChildProcess([
            "/usr/sbin/slapd",
            "-h", "ldap://127.0.0.1:\(port)/ ldaps://127.0.0.1:\(tlsPort)/", "-f", file, "-d", "0",
        ])
        try waitUntilItListens()
    }

    deinit {
        process.kill()
        try? FileManager.default.removeItem(at: folder)
    }

    private func waitUntilItListens() throws {
        for _ in 0..<400 {
            if Self.isOpen(port), Self.isOpen(tlsPort) { return }
            usleep(25_000)
        }
        throw Failure(description: "slapd does not listen")
    }

    // MARK: What is in it

    private static func configuration(_ folder: URL) -> String {
        """
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        moduleload memberof
        TLSCertificateFile \(folder.path)/server.pem
        TLSCertificateKeyFile \(folder.path)/server.key
        database mdb
        maxsize 10485760
        suffix "\(suffix)"
        rootdn "cn=admin,\(suffix)"
        rootpw admin-password
        directory \(folder.path)/data
        overlay memberof
        access to attrs=userPassword by anonymous auth by * none
        access to * by dn.exact="cn=reader,\(suffix)" read by * none

        """
    }

    private static let entries = """
        dn: dc=example,dc=com
        objectClass: dcObject
        objectClass: organization
        o: Example

        dn: ou=people,dc=example,dc=com
        objectClass: organizationalUnit
        ou: people

        dn: ou=groups,dc=example,dc=com
        objectClass: organizationalUnit
        ou: groups

        dn: cn=reader,dc=example,dc=com
        objectClass: organizationalRole
        objectClass: simpleSecurityObject
        cn: reader
        userPassword: reader-password

        dn: uid=ada,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        uid: ada
        cn: Ada Lovelace
        sn: Lovelace
        displayName: Ada
        mail: Ada@Example.com
        employeeNumber: 1815
        memberOf: cn=Engineers,ou=groups,dc=example,dc=com
        userPassword: ada's pässword

        dn: uid=grace,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        uid: grace
        cn: Grace Hopper
        sn: Hopper
        mail: grace@example.com
        memberOf: cn=Admins\\2C all,ou=groups,dc=example,dc=com
        memberOf: cn=Engineers,ou=groups,dc=example,dc=com
        userPassword: grace-password

        dn: uid=star*,ou=people,dc=example,dc=com
        objectClass: inetOrgPerson
        uid: star*
        cn: Star
        sn: Star
        userPassword: star-password

        dn: cn=Engineers,ou=groups,dc=example,dc=com
        objectClass: groupOfNames
        cn: Engineers
        description: ada
        member: uid=ada,ou=people,dc=example,dc=com
        member: uid=grace,ou=people,dc=example,dc=com

        dn: cn=Admins\\2C all,ou=groups,dc=example,dc=com
        objectClass: groupOfNames
        cn: Admins, all
        member: uid=grace,ou=people,dc=example,dc=com

        """

    // MARK: Settings that reach it

    func settings(_ changes: [String: String?] = [:]) throws -> LDAPSettings {
        var values: [String: String] = [
            "HOST": "127.0.0.1", "PORT": "\(port)", "TLS_MODE": "none", "BIND_DN": "cn=reader,\(Self.suffix)",
            "BIND_PASSWORD": "reader-password", "USER_SEARCH_BASE_DNS": #"["ou=people,\#(Self.suffix)"]"#,
            "USER_SEARCH_FILTER": "(uid=%s)", "ATTR_EMAIL": "mail",
            "GROUP_ROLE_MAPPINGS": #"[{"group_dn": "*", "role": "VIEWER"}]"#,
        ]
        for (name, value) in changes { values[name] = value }
        let variables = Dictionary(uniqueKeysWithValues: values.map { ("PHOENIX_LDAP_\($0)", $1) })
        guard let directory = try Settings(Environment(variables)).ldap else {
            throw Failure(description: "no directory")
        }
        return directory
    }

    func signIn(
        _ name: String, _ password: String, _ changes: [String: String?] = [:]
    ) async throws -> DirectoryIdentity? {
        try await Directory(settings: try settings(changes)).signIn(name: name, password: Secret(password))
    }

    // MARK: Means

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        guard result == 0 else { throw Failure(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func isOpen(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func makeCertificate(_ name: String, in folder: URL) throws {
        try run(
            "/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", "\(folder.path)/\(name).key", "-out", "\(folder.path)/\(name).pem", "-days", "2", "-subj",
            "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    }

    private static func run(_ program: String, _ arguments: String...) throws {
        try Command.output([program] + arguments)
    }
}
