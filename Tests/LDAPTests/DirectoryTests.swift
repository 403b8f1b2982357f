import Domain
import Foundation
import Testing

@testable import LDAP

/// Against a real OpenLDAP server.
@Suite(.serialized) struct DirectoryTests {
    private let server: Slapd

    init() throws {
        server = try Slapd()
    }

    @Test func theRightPasswordSignsIn() async throws {
        let identity = try #require(try await server.signIn("ada", "ada's pässword"))
        #expect(identity.name == "uid=ada,ou=people,dc=example,dc=com")
        #expect(identity.email == "Ada@Example.com" && identity.displayName == "Ada" && identity.role == "VIEWER")
    }

    @Test(arguments: [
        ("ada", "wrong"), ("ada", "grace-password"), ("nobody", "ada's pässword"), ("", "x"), (" ", "x"), ("ada", ""),
        // Names that would be patterns or other filters, were they not escaped.
        ("*", "ada's pässword"), ("ad*", "ada's pässword"), ("ada)(uid=*", "ada's pässword"),
        ("ada)(|(uid=*))", "ada's pässword"), ("\\61da", "ada's pässword"), ("ada\0", "ada's pässword"),
        (String(repeating: "a", count: 300), "x"), ("ada", String(repeating: "x", count: 2_000)),
    ])
    func whateverIsWrongIsAnsweredInOneWay(name: String, password: String) async throws {
        #expect(try await server.signIn(name, password) == nil)
    }

    @Test func aNameWithSignsOfFiltersIsOnlyAName() async throws {
        let identity = try await server.signIn(
            "star*", "star-password", ["ATTR_EMAIL": "null", "ATTR_UNIQUE_ID": "uid"])
        #expect(identity?.uniqueID == "star*" && identity?.email == nil)
    }

    @Test func aNameThatFitsTwoEntriesIsNobodys() async throws {
        #expect(
            try await server.signIn("ada", "ada's pässword", ["USER_SEARCH_FILTER": "(|(uid=%s)(uid=grace))"]) == nil)
    }

    @Test func anEntryBelowTwoBasesIsFoundOnce() async throws {
        let bases = #"["ou=people,dc=example,dc=com", "dc=example,dc=com", "ou=none,dc=example,dc=com"]"#
        #expect(try await server.signIn("ada", "ada's pässword", ["USER_SEARCH_BASE_DNS": bases]) != nil)
    }

    @Test func whoHasNoMailAddressWhereOneIsNeededDoesNotSignIn() async throws {
        #expect(try await server.signIn("star*", "star-password") == nil)
    }

    @Test func whoNeverChangesIsToldApartByAnAttribute() async throws {
        let identity = try await server.signIn("ada", "ada's pässword", ["ATTR_UNIQUE_ID": "entryUUID"])
        #expect(identity?.uniqueID?.count == 36)
    }

    // MARK: Groups

    private static let admins = #"{"group_dn": "CN=admins\\, all, OU=Groups,DC=example,DC=com", "role": "ADMIN"}"#
    private static let engineers = #"{"group_dn": "cn=engineers,ou=groups,dc=example,dc=com", "role": "MEMBER"}"#

    @Test(arguments: [
        ("grace", "grace-password", "[\(admins), \(engineers)]", "ADMIN"),
        ("grace", "grace-password", "[\(engineers), \(admins)]", "MEMBER"),
        ("ada", "ada's pässword", "[\(admins), \(engineers)]", "MEMBER"),
        ("ada", "ada's pässword", #"[\#(admins), {"group_dn": "*", "role": "VIEWER"}]"#, "VIEWER"),
        ("ada", "ada's pässword", "[\(admins)]", nil),
    ])
    func theFirstGroupThatFitsGivesTheRole(name: String, password: String, rules: String, role: String?) async throws {
        let identity = try await server.signIn(name, password, ["GROUP_ROLE_MAPPINGS": rules])
        #expect(identity?.role == role)
    }

    @Test(
        arguments: [
            ("(member=%s)", "dn", "MEMBER"), ("(description=%s)", nil, "MEMBER"), ("(description=%s)", "uid", "MEMBER"),
            ("(description=%s)", "employeeNumber", nil), ("(description=%s)", "title", nil),
        ] as [(String, String?, String?)])
    func groupsMayBeSearchedFor(filter: String, attribute: String?, role: String?) async throws {
        let identity = try await server.signIn(
            "ada", "ada's pässword",
            [
                "GROUP_ROLE_MAPPINGS": "[\(Self.engineers)]",
                "GROUP_SEARCH_BASE_DNS": #"["ou=groups,dc=example,dc=com"]"#, "GROUP_SEARCH_FILTER": filter,
                "GROUP_SEARCH_FILTER_USER_ATTR": attribute,
            ])
        #expect(identity?.role == role)
    }

    // MARK: The way to the server

    @Test(arguments: ["starttls", "ldaps"]) func theWayIsEncryptedAndTheServerIsTheRightOne(mode: String) async throws {
        let port = mode == "ldaps" ? server.tlsPort : server.port
        let changes =
            ["TLS_MODE": mode, "PORT": "\(port)", "TLS_CA_CERT_FILE": server.issuersFile] as [String: String?]
        #expect(try await server.signIn("ada", "ada's pässword", changes) != nil)
        #expect(try await server.signIn("ada", "wrong", changes) == nil)
        let strange = changes.merging(["TLS_CA_CERT_FILE": server.strangersFile]) { $1 }
        await #expect(throws: LDAPError.self) { try await server.signIn("ada", "ada's pässword", strange) }
        let unchecked = strange.merging(["TLS_VERIFY": "false"]) { $1 }
        #expect(try await server.signIn("ada", "ada's pässword", unchecked) != nil)
    }

    @Test func aHostThatCannotBeReachedIsPassedOver() async throws {
        let closed = try Slapd.freePort()
        let hosts = "127.0.0.1:\(closed), 127.0.0.1:\(server.port)"
        #expect(try await server.signIn("ada", "ada's pässword", ["HOST": hosts]) != nil)
        #expect(try await server.signIn("ada", "wrong", ["HOST": hosts]) == nil)
        await #expect(throws: LDAPError.self) {
            try await server.signIn("ada", "ada's pässword", ["HOST": "127.0.0.1:\(closed)"])
        }
    }

    /// It must not look as if everybody's password were wrong.
    @Test func aSearcherWhoMayNotIsAnError() async throws {
        do {
            _ = try await server.signIn("ada", "ada's pässword", ["BIND_PASSWORD": "wrong"])
            Issue.record("it searched")
        } catch let error as LDAPError {
            #expect(error.code == 49)
            #expect(!"\(error)".contains("pässword"))
        }
    }

    @Test func manySignInsAtOnceAllGetTheirAnswer() async throws {
        let directory = Directory(settings: try server.settings())
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<24 {
                let password = number.isMultiple(of: 2) ? "ada's pässword" : "wrong"
                group.addTask { try await directory.signIn(name: "ada", password: Secret(password)) != nil }
            }
            var count = 0
            for try await isSignedIn in group where isSignedIn { count += 1 }
            #expect(count == 12)
        }
    }
}

@Suite struct DirectoryTextTests {
    @Test(arguments: [
        ("ada", "ada"), ("*", "\\2a"), ("a(b)c\\d", "a\\28b\\29c\\5cd"), ("\0\n\u{7F}", "\\00\\0a\\7f"), ("é ü", "é ü"),
    ])
    func valuesInFiltersAreEscaped(value: String, escaped: String) {
        #expect(SearchFilter.filled("(uid=%s)", with: value) == "(uid=\(escaped))")
    }

    @Test func aValueIsPutInOnce() {
        #expect(SearchFilter.filled("(|(a=%s)(b=%s))", with: "%s") == "(|(a=%s)(b=%s))")
    }

    @Test func oneNameHasOneSpelling() {
        let name = DistinguishedName.normalised("CN=Ada, OU = People,dc=Example")
        #expect(name == DistinguishedName.normalised("cn=ada,ou=people,dc=example"))
        #expect(name != DistinguishedName.normalised("cn=ada,ou=people,dc=example2"))
        #expect(DistinguishedName.normalised("a\\,b") == "a\\,b")
    }

    @Test func identifiersOfBytesAreText() {
        let bytes: [UInt8] = [
            0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF,
        ]
        let entry = DirectoryEntry(
            name: "x", values: ["objectguid": [bytes], "other": [[0xFF, 0x01]], "uid": [[0x61]]])
        #expect(entry.identifier("objectGUID") == "00112233-4455-6677-8899-aabbccddeeff")
        #expect(entry.identifier("other") == "ff01")
        #expect(entry.identifier("uid") == "a")
        #expect(entry.identifier("none") == nil)
    }

    @Test func addressesOfHostsHaveBracketsAndPorts() throws {
        #expect(LDAPError(code: -1, "x").isOfConnection && LDAPError(code: 52, "x").isOfConnection)
        #expect(!LDAPError(code: 49, "x").isOfConnection && LDAPError(code: 49, "x").isOfCredentials)
    }
}
