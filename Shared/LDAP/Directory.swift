import Domain
import Logging
import Settings

/// Who signed in through the directory.
public struct DirectoryIdentity: Sendable, Equatable {
    public var name: String
    /// Tells the person from all others for good; nil where no attribute is configured for it.
    public var uniqueID: String?
    /// Nil where the directory has no mail addresses.
    public var email: String?
    public var displayName: String?
    /// `ADMIN`, `MEMBER` or `VIEWER`.
    public var role: String

    public init(name: String, uniqueID: String?, email: String?, displayName: String?, role: String) {
        self.name = name
        self.uniqueID = uniqueID
        self.email = email
        self.displayName = displayName
        self.role = role
    }
}

/// Signs people in by a name and a password of a directory: searches their entry, then binds as it.
public final class Directory: Sendable {
    private let settings: LDAPSettings
    private let threads: BlockingThreads

    public init(settings: LDAPSettings) {
        self.settings = settings
        threads = BlockingThreads(count: 4, waitingMax: 64)
    }

    /// Nil for a wrong name or password, and for people who are in no group that may sign in. Throws `LDAPError` if no host
    /// of the directory does its part, and `BlockingThreads.Overloaded`.
    public func signIn(name: String, password: Secret) async throws -> DirectoryIdentity? {
        guard !name.allSatisfy(\.isWhitespace), name.utf8.count <= 256, !password.revealed.isEmpty,
            password.revealed.utf8.count <= 1_024
        else { return nil }
        return try await threads.run { [settings] in
            try DirectorySignIn(settings: settings, typedName: name, password: password).run()
        }
    }
}

/// One sign-in, on a thread that may block.
private struct DirectorySignIn {
    let settings: LDAPSettings
    let typedName: String
    let password: Secret

    func run() throws(LDAPError) -> DirectoryIdentity? {
        var last = LDAPError(code: LDAPError.local, "no host is configured")
        for host in settings.hosts {
            do {
                return try signIn(at: host)
            } catch  where error.isOfConnection {
                last = error
            }
        }
        throw last
    }

    private func signIn(at host: String) throws(LDAPError) -> DirectoryIdentity? {
        let connection = try searcher(at: host)
        let entries = try findPerson(connection)
        // Two with one name: which of them it is cannot be told, so it is nobody.
        guard entries.count == 1, let entry = entries.first else {
            // As long as a wrong password takes.
            _ = try isProved(name: settings.userBases.first ?? "cn=nobody", at: host)
            return nil
        }
        guard try isProved(name: entry.name, at: host) else { return nil }
        guard let role = role(of: try groups(of: entry, connection)) else { return nil }
        let email = settings.emailAttribute.flatMap { entry.texts($0).first }
        let uniqueID = settings.uniqueIDAttribute.flatMap { entry.identifier($0) }
        if settings.emailAttribute != nil, email == nil { return nil }
        if settings.uniqueIDAttribute != nil, uniqueID == nil { return nil }
        return DirectoryIdentity(
            name: entry.name, uniqueID: uniqueID, email: email,
            displayName: entry.texts(settings.displayNameAttribute).first, role: role)
    }

    private func searcher(at host: String) throws(LDAPError) -> DirectoryConnection {
        let connection = try DirectoryConnection(host: host, settings: settings)
        if let name = settings.bindDN, let password = settings.bindPassword {
            try connection.bind(name: name, password: password)
        }
        return connection
    }

    private func findPerson(_ connection: DirectoryConnection) throws(LDAPError) -> [DirectoryEntry] {
        let attributes = Set(
            [
                settings.emailAttribute, settings.uniqueIDAttribute, settings.displayNameAttribute,
                settings.memberOfAttribute, settings.groupSearch?.userAttribute,
            ].compactMap(\.self))
        let filter = SearchFilter.filled(settings.userFilter, with: typedName)
        var found: [DirectoryEntry] = []
        for base in settings.userBases {
            do {
                found += try connection.search(base: base, filter: filter, attributes: Array(attributes), countMax: 2)
            } catch  where error.code == 4 {
                // More than two (sizeLimitExceeded): as ambiguous as two.
                return []
            }
        }
        // Bases may overlap.
        var names: Set<String> = []
        return found.filter { names.insert(DistinguishedName.normalised($0.name)).inserted }
    }

    /// On a connection of its own, so that what comes after is still done as who searches.
    private func isProved(name: String, at host: String) throws(LDAPError) -> Bool {
        let connection = try DirectoryConnection(host: host, settings: settings)
        do {
            try connection.bind(name: name, password: password)
            return true
        } catch  where error.isOfCredentials {
            return false
        }
    }

    private func groups(
        of entry: DirectoryEntry, _ connection: DirectoryConnection
    ) throws(LDAPError) -> [String] {
        guard let search = settings.groupSearch else { return entry.texts(settings.memberOfAttribute) }
        let member: String
        if let attribute = search.userAttribute {
            // Attributes that every entry has in its name only.
            let isName = ["dn", "distinguishedname"].contains(attribute.lowercased())
            guard let value = isName ? entry.name : entry.texts(attribute).first else { return [] }
            member = value
        } else {
            member = typedName
        }
        let filter = SearchFilter.filled(search.filter, with: member)
        var names: [String] = []
        for base in search.bases {
            names += try connection.search(base: base, filter: filter, attributes: ["cn"], countMax: 1_000).map(\.name)
        }
        return names
    }

    private func role(of groups: [String]) -> String? {
        let groups = Set(groups.map(DistinguishedName.normalised))
        return settings.roles.first { $0.group == "*" || groups.contains(DistinguishedName.normalised($0.group)) }?.role
    }
}
