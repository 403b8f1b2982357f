import Foundation
import Testing

@testable import Access

@Suite struct AccountRequestTests {
    @Test func `Auth decides about whom the API asked for, passwords and scopes included`() throws {
        let scope = KeyScope(.read, project: .init(id: 7, name: "shop"))
        let actors: [Principal] = [
            .anyone, .user(id: 1, role: .admin, credential: .accessToken(2)),
            .user(id: 1, role: .viewer, credential: .apiKey(3, scope: scope)), .system(.adminSecret),
            .system(.apiKey(4, scope: scope)),
        ]
        for actor in actors {
            let command = AccountCommand.patchViewer(.init(password: "fresh1", currentPassword: "right"))
            let request = AccountRequest(actor: actor, command: command)
            let read = try JSONDecoder().decode(AccountRequest.self, from: try JSONEncoder().encode(request))
            #expect(read.actor == actor)
            guard case .patchViewer(let patch) = read.command else {
                Issue.record("another command came")
                continue
            }
            #expect((patch.password, patch.currentPassword) == ("fresh1", "right"))
        }
    }
}
