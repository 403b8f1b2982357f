import Testing

@testable import Access

@Suite struct KeyScopeTests {
    private static let shop = KeyScope.Project(id: 7, name: "shop")

    private func admin(_ scope: KeyScope) -> [Principal] {
        [.user(id: 1, role: .admin, credential: .apiKey(2, scope: scope)), .system(.apiKey(3, scope: scope))]
    }

    @Test(arguments: [
        (KeyScope.Kind.read, Rule.read), (.ingest, .ingest),
    ])
    func `A key with a scope does one thing and nothing else, whoever owns it`(kind: KeyScope.Kind, only: Rule) {
        let rules: [Rule] = [
            .read, .write, .ingest, .admin, .adminOfAccounts, .ownAccount, .ownKeys, .makeUserKey, .makeSystemKey,
        ]
        for principal in admin(KeyScope(kind)) {
            for rule in rules {
                let expected = rule == only ? Access.allowed : .denied(.outsideScope)
                #expect(Permissions.decide(rule, for: principal) == expected)
            }
            #expect(Permissions.decide(.open, for: principal) == .allowed)
        }
    }

    @Test func `A key for one project is for what is about it only`() {
        for principal in admin(KeyScope(.full, project: Self.shop)) {
            for rule in [Rule.read, .write, .ingest, .admin] {
                #expect(Permissions.decide(rule, for: principal) == .denied(.outsideScope))
                #expect(Permissions.decide(rule, for: principal, isOfProject: { $0 == Self.shop }) == .allowed)
            }
        }
    }

    @Test func `A scope gives nothing that the owner's role does not`() {
        let viewer = Principal.user(id: 1, role: .viewer, credential: .apiKey(2, scope: KeyScope(.ingest)))
        #expect(Permissions.decide(.ingest, for: viewer) == .denied(.viewersOnlyRead))
    }
}
