import Access
import Database
import Domain
import Identity
import Messaging
import Storage

extension AccountCommands {
    // MARK: Making

    func create(_ user: AccountCommand.NewUser) async throws -> AccountReply {
        guard let method = UserRecord.Method(rawValue: user.method) else {
            throw AccountRefusal(.invalid, "There is no such way to sign in")
        }
        guard user.role != .system else { throw AccountRefusal(.invalid, "Nobody can be given the role SYSTEM") }
        guard let email = EmailAddress(user.email) else { throw AccountRefusal(.invalid, "Invalid email address") }
        let hash = try await hash(of: user, method)
        let isWelcomed = user.isWelcomed && settings.mail != nil
        let id = try await database.write { connection in
            if try UserRepository.user(.email(email.text), on: connection) != nil {
                throw AccountRefusal(.conflict, "Email already exists")
            }
            let made = try UserRepository.insert(
                UserDraft(
                    name: try Self.name(user.name, of: nil, on: connection), email: email.text,
                    role: user.role.rawValue, method: method, passwordHash: hash, mustResetPassword: hash != nil,
                    oauth2ClientID: user.oauth2ClientID, oauth2UserID: user.oauth2UserID),
                on: connection, now: now())
            if isWelcomed { try welcome(made, on: connection) }
            return made.id
        }
        if isWelcomed { ring() }
        return .user(id)
    }

    private func hash(of user: AccountCommand.NewUser, _ method: UserRecord.Method) async throws -> String? {
        guard method == .local else {
            guard user.password == nil else {
                throw AccountRefusal(.invalid, "Only users that sign in by password have one")
            }
            return nil
        }
        guard settings.accounts.hasPasswords else {
            throw AccountRefusal(.invalid, "Sign-in by password is disabled")
        }
        guard let password = user.password, !password.isEmpty else {
            throw AccountRefusal(.invalid, "Password is required")
        }
        return try await hash(password)
    }

    private func welcome(_ user: UserRecord, on connection: DatabaseConnection) throws {
        let link = "\(settings.network.rootURL)/login"
        try MailOutbox.enqueue(
            AccountMails.welcome(to: user.email, name: user.name, link: link), on: connection, now: now())
    }

    // MARK: Changing

    /// A new role or password ends their sessions everywhere; a password that somebody else has chosen has to be
    /// replaced at the next sign-in.
    func change(_ patch: AccountCommand.UserPatch, by actor: Principal) async throws -> AccountReply {
        let hash = if let password = patch.password { try await hash(password) } else { String?.none }
        let endsSessions = try await database.write { connection in
            guard var user = try UserRepository.user(.id(patch.id), on: connection, locking: true),
                user.role != Role.system.rawValue
            else { throw AccountRefusal(.notFound, "User not found") }
            var endsSessions = false
            if let role = patch.role, role.rawValue != user.role {
                try Self.checkRole(role, of: user, by: actor)
                user.role = role.rawValue
                endsSessions = true
            }
            if let hash {
                guard user.method == .local else {
                    throw AccountRefusal(.invalid, "Cannot modify the password of a user who does not sign in by it")
                }
                user.password = .current(hash)
                user.mustResetPassword = true
                endsSessions = true
            }
            if let name = patch.name { user.name = try Self.name(name, of: user.id, on: connection) }
            try UserRepository.update(user, on: connection, now: now())
            if endsSessions { try TokenRepository.endSessions(of: user.id, on: connection) }
            if hash != nil { try SignInFailures.reset(account: user.email, on: connection) }
            return endsSessions
        }
        if endsSessions { announce(CredentialsChanged(userIDs: [patch.id])) }
        return .user(patch.id)
    }

    private static func checkRole(_ role: Role, of user: UserRecord, by actor: Principal) throws {
        guard role != .system else { throw AccountRefusal(.invalid, "Nobody can be given the role SYSTEM") }
        guard user.email != EmailAddress.defaultAdmin.text else {
            throw AccountRefusal(.forbidden, "Cannot modify role for the default admin user")
        }
        guard actor.userID != user.id else { throw AccountRefusal(.forbidden, "Cannot modify own role") }
    }

    func changeOwn(_ patch: AccountCommand.OwnPatch, by actor: Principal) async throws -> AccountReply {
        guard let id = actor.userID else { throw AccountRefusal(.forbidden, "The system user cannot be modified") }
        let change = try await ownPasswordChange(patch, id)
        try await database.write { connection in
            guard var user = try UserRepository.user(.id(id), on: connection, locking: true) else {
                throw AccountRefusal(.notFound, "User not found")
            }
            if let name = patch.name { user.name = try Self.name(name, of: id, on: connection) }
            if let change {
                // The one that was checked may have been replaced since, and is then nobody's proof any more.
                guard user.password == change.checked else { throw Self.wrongPassword }
                user.password = .current(change.hash)
                user.mustResetPassword = false
                try TokenRepository.endSessions(of: id, on: connection)
            }
            try UserRepository.update(user, on: connection, now: now())
        }
        if change != nil { announce(CredentialsChanged(userIDs: [id])) }
        return .user(id)
    }

    private static let wrongPassword = AccountRefusal(
        .invalid, "Valid current password is required to modify password")

    /// The new password's hash, and the password that it replaces; nil where that stays.
    private func ownPasswordChange(
        _ patch: AccountCommand.OwnPatch, _ id: Int64
    ) async throws -> (hash: String, checked: UserRecord.Password?)? {
        guard let password = patch.password else { return nil }
        let user = try await database.read { try UserRepository.user(.id(id), on: $0) }
        guard let user, user.method == .local else {
            throw AccountRefusal(.invalid, "Cannot modify the password of a user who does not sign in by it")
        }
        guard let current = patch.currentPassword, !current.isEmpty else { throw Self.wrongPassword }
        guard try await hasher.check(Secret(current), against: StoredPassword(user)) != .wrong else {
            throw Self.wrongPassword
        }
        return (try await hash(password), user.password)
    }

    // MARK: Deleting

    /// Their sessions and keys end at once.
    func delete(_ ids: [Int64]) async throws -> AccountReply {
        let ids = Set(ids)
        try await database.write { connection in
            // In one order everywhere, so that nobody waits in a circle.
            let users = try ids.sorted().map { try UserRepository.user(.id($0), on: connection, locking: true) }
            let people = users.compactMap { $0 }.filter { $0.role != Role.system.rawValue }
            guard people.count == ids.count else {
                throw AccountRefusal(.notFound, "Some user IDs could not be found")
            }
            guard !people.contains(where: { $0.email == EmailAddress.defaultAdmin.text }) else {
                throw AccountRefusal(.forbidden, "Cannot delete the default admin user")
            }
            for user in people { _ = try UserRepository.delete(id: user.id, on: connection) }
        }
        announce(CredentialsChanged(userIDs: ids.sorted()))
        return .done
    }
}
