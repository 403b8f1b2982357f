import Access
import Database
import Domain
import Messaging
import Storage

/// The accounts of people whom providers and directories vouch for.
struct StoredExternalAccounts: ExternalAccounts {
    /// Two who sign in at once for the first time may want the same name; the one who comes second looks again.
    private static let attemptsMax = 5

    let database: Database
    /// Tells all services, after the commit.
    let announce: @Sendable (CredentialsChanged) -> Void

    func signIn(_ person: ExternalPerson) async throws -> Int64 {
        for _ in 1..<Self.attemptsMax {
            do {
                return try await attempt(person)
            } catch DatabaseError.uniqueViolation {
                continue
            }
        }
        return try await attempt(person)
    }

    private func attempt(_ person: ExternalPerson) async throws -> Int64 {
        let (user, hasNewRole) = try await database.write { try apply(person, on: $0) }
        if hasNewRole { announce(CredentialsChanged(userIDs: [user])) }
        return user
    }

    private func apply(_ person: ExternalPerson, on connection: DatabaseConnection) throws -> (Int64, Bool) {
        let email = person.storedEmail
        let found = try person.key.flatMap { try UserRepository.user($0, on: connection, locking: true) }
        let addressed = try email.flatMap { try UserRepository.user(.email($0), on: connection, locking: true) }
        // It may have been made since the first look, by the same person's other browser.
        let proved = found ?? addressed.flatMap { $0.isBound(to: person.proof) ? $0 : nil }
        let decision = try ExternalDecision.decide(
            person, proved: proved.flatMap(ExternalAccount.init), addressed: addressed.flatMap(ExternalAccount.init))
        switch decision {
        case .create(let role): return (try create(person, role, on: connection), false)
        case .update(_, let role):
            guard let proved else { throw ExternalRefusal.notAllowed }
            return try update(proved, by: person, role, on: connection)
        case .bind(_, let role):
            guard var addressed else { throw ExternalRefusal.notAllowed }
            addressed.bind(to: person.proof)
            return try update(addressed, by: person, role, on: connection)
        }
    }

    private func create(_ person: ExternalPerson, _ role: Role, on connection: DatabaseConnection) throws -> Int64 {
        guard let email = person.storedEmail else { throw ExternalRefusal.notAllowed }
        let wanted = person.name.map(AccountName.cleaned).flatMap { $0.isEmpty ? nil : $0 }
        let name = try AccountName.free(wanted ?? String(email.prefix { $0 != "@" }), on: connection)
        var draft = UserDraft(name: name, email: email, role: role.rawValue, method: .oauth2)
        draft.pictureURL = person.picture
        switch person.proof {
        case .provider(let clientID, let subject): (draft.oauth2ClientID, draft.oauth2UserID) = (clientID, subject)
        case .directory(let uniqueID): (draft.method, draft.ldapUniqueID) = (.ldap, uniqueID)
        }
        return try UserRepository.insert(draft, on: connection).id
    }

    /// Mail and picture follow whoever vouches, the name never. A new role signs out everywhere.
    private func update(
        _ user: UserRecord, by person: ExternalPerson, _ role: Role?, on connection: DatabaseConnection
    ) throws -> (Int64, Bool) {
        var updated = user
        if let email = person.storedEmail, !person.isEmailRefuted { updated.email = email }
        if let picture = person.picture { updated.pictureURL = picture }
        if let role { updated.role = role.rawValue }
        if updated != (try UserRepository.user(.id(user.id), on: connection)) {
            try UserRepository.update(updated, on: connection)
        }
        guard updated.role != user.role else { return (user.id, false) }
        try TokenRepository.endSessions(of: user.id, on: connection)
        return (user.id, true)
    }
}

extension ExternalPerson {
    /// Nil for who is known by their mail address alone.
    fileprivate var key: UserRepository.Key? {
        switch proof {
        case .provider(let clientID, let subject): .provider(clientID: clientID, userID: subject)
        case .directory(let uniqueID): uniqueID.map { .directory(uniqueID: $0) }
        }
    }

    /// Every account has an address, which must be its own alone: where a directory has none, one that can never be reached
    /// (RFC 2606, section 2) takes its place.
    fileprivate var storedEmail: String? {
        if let email { return email }
        guard case .directory(let uniqueID?) = proof else { return nil }
        return "\(Hex.encode(Array(uniqueID.utf8)))@directory.invalid"
    }
}

extension ExternalAccount {
    fileprivate init?(_ user: UserRecord) {
        guard let method = Method(rawValue: user.method.rawValue), let role = Role(rawValue: user.role) else {
            return nil
        }
        self.init(
            id: user.id, method: method, email: user.email, hasPassword: user.password != nil, role: role,
            clientID: user.oauth2ClientID, subject: user.oauth2UserID, uniqueID: user.ldapUniqueID)
    }
}

extension UserRecord {
    fileprivate func isBound(to proof: ExternalPerson.Proof) -> Bool {
        switch proof {
        case .provider(let clientID, let subject): oauth2ClientID == clientID && oauth2UserID == subject
        case .directory(let uniqueID): uniqueID != nil && ldapUniqueID == uniqueID
        }
    }

    fileprivate mutating func bind(to proof: ExternalPerson.Proof) {
        switch proof {
        case .provider(let clientID, let subject): (oauth2ClientID, oauth2UserID) = (clientID, subject)
        // Who is known by their address alone is not bound to anything else.
        case .directory(let uniqueID): ldapUniqueID = uniqueID ?? ldapUniqueID
        }
    }
}

/// Names of accounts, of which there may be only one each.
enum AccountName {
    private static let lengthMax = 200

    /// Without what nobody can see or type.
    static func cleaned(_ name: String) -> String {
        let seen = name.unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String(String.UnicodeScalarView(seen)).trimmingWhitespace().prefix(lengthMax))
    }

    /// The name, or the first of `name-2`, `name-3` and so on that nobody has.
    static func free(_ name: String, on connection: DatabaseConnection) throws -> String {
        if try UserRepository.user(.name(name), on: connection) == nil { return name }
        for number in 2...100 where try UserRepository.user(.name("\(name)-\(number)"), on: connection) == nil {
            return "\(name)-\(number)"
        }
        return "\(name)-\(UInt32.random(in: 10_000 ... .max))"
    }
}
