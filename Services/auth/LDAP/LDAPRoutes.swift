import Access
import Domain
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import Identity
import LDAP
import Settings

/// Knows people by a name and a password.
protocol PersonDirectory: Sendable {
    /// Nil for a wrong name or password, and for who may not sign in.
    func signIn(name: String, password: Secret) async throws -> DirectoryIdentity?
}

extension Directory: PersonDirectory {}

/// `POST /auth/ldap/login`: sign-in by a name and a password of the directory.
struct LDAPRoutes: Sendable {
    private struct Credentials: Decodable {
        var username: String?
        var password: String?
    }

    private static let bodyBytesMax = 16 << 10
    /// The same words for whatever is wrong, so that nothing can be told from them.
    private static let refusal = APIError(.unauthorized, "Invalid username and/or password")

    let settings: LDAPSettings
    let directory: any PersonDirectory
    let accounts: any ExternalAccounts
    let sessions: any SessionOpening
    let limits: RouteLimits
    let failures: DirectoryFailures

    func add<Context: RemoteAddressRequestContext>(to routes: some RouterMethods<Context>) {
        routes.post("/auth/ldap/login") { request, context in
            try limits.check(request, context, "ldap/login")
            guard let body = try await request.collectedBody(upTo: Self.bodyBytesMax),
                let credentials = try? JSONDecoder().decode(Credentials.self, from: Data(body.readableBytesView)),
                let username = credentials.username, let password = credentials.password
            else { throw Self.refusal }
            let address = SenderAddress(request, context)
            try await failures.check(username, address)
            guard let user = try await user(username, Secret(password), context) else {
                try await failures.note(username, address)
                throw Self.refusal
            }
            try await failures.reset(username, address)
            var headers: HTTPFields = [.cacheControl: "no-store"]
            for cookie in try await sessions.cookies(openingSessionOf: user) {
                headers.append(HTTPField(name: .setCookie, value: cookie))
            }
            return Response(status: .noContent, headers: headers)
        }
    }

    /// Nil for who may not sign in.
    private func user(_ name: String, _ password: Secret, _ context: some RequestContext) async throws -> Int64? {
        do {
            guard let identity = try await directory.signIn(name: name, password: password) else { return nil }
            return try await accounts.signIn(ExternalPerson(identity, typedName: name, settings))
        } catch let error as LDAPError {
            context.logger.error("the directory cannot be asked", metadata: ["error": "\(error)"])
            throw APIError(.serviceUnavailable, "the directory cannot be asked; try again", retryAfter: .seconds(5))
        } catch is BlockingThreads.Overloaded {
            throw APIError(.serviceUnavailable, "too many people sign in; try again", retryAfter: .seconds(2))
        } catch let refusal as ExternalRefusal {
            context.logger.notice("sign-in through the directory failed", metadata: ["reason": "\(refusal)"])
            return nil
        }
    }
}

extension ExternalPerson {
    init(_ identity: DirectoryIdentity, typedName: String, _ settings: LDAPSettings) {
        self.init(
            proof: .directory(uniqueID: identity.uniqueID),
            email: identity.email.flatMap { EmailAddress($0)?.text }, name: identity.displayName ?? typedName,
            role: Role(rawValue: identity.role), updatesRole: true, allowsSignUp: settings.allowsSignUp)
    }
}
