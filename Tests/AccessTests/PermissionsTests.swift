import Testing

@testable import Access

@Suite struct PermissionsTests {
    private let admin = Principal.user(id: 1, role: .admin, credential: .accessToken(1))
    private let member = Principal.user(id: 2, role: .member, credential: .accessToken(2))
    private let memberByKey = Principal.user(id: 2, role: .member, credential: .apiKey(3))
    private let viewer = Principal.user(id: 4, role: .viewer, credential: .accessToken(5))
    private let systemKey = Principal.system(.apiKey(6))
    private let adminSecret = Principal.system(.adminSecret)

    @Test func `What has no rule is refused to everybody`() {
        for principal in [Principal.anyone, admin, member, viewer, systemKey, adminSecret] {
            #expect(Permissions.decide(nil, for: principal) == .denied(.noRule))
        }
        #expect(RESTPermissions.rule(method: "PATCH", path: "/v1/projects") == nil)
        #expect(GraphQLPermissions.rule(type: "Query", field: "secrets") == nil)
        #expect(GraphQLPermissions.rule(type: "Secret", field: "value") == nil)
    }

    @Test func `Viewers read and write nothing`() {
        #expect(Permissions.decide(.read, for: viewer) == .allowed)
        #expect(Permissions.decide(.write, for: viewer) == .denied(.viewersOnlyRead))
        #expect(Permissions.decide(.write, for: member) == .allowed)
    }

    @Test func `Only admins and the system user do what admins do`() {
        for rule in [Rule.admin, .adminOfAccounts] {
            #expect(Permissions.decide(rule, for: admin) == .allowed)
            #expect(Permissions.decide(rule, for: systemKey) == .allowed)
            #expect(Permissions.decide(rule, for: adminSecret) == .allowed)
            #expect(Permissions.decide(rule, for: member) == .denied(.adminsOnly))
            #expect(Permissions.decide(rule, for: viewer) == .denied(.adminsOnly))
        }
    }

    @Test func `With authentication off everything is allowed but what manages accounts`() {
        for rule in [Rule.open, .read, .write, .admin] {
            #expect(Permissions.decide(rule, for: .anyone) == .allowed)
        }
        for rule in [Rule.adminOfAccounts, .ownAccount, .ownKeys, .makeUserKey, .makeSystemKey] {
            #expect(Permissions.decide(rule, for: .anyone) == .denied(.authenticationIsOff))
        }
    }

    @Test func `A key makes no keys`() {
        #expect(Permissions.decide(.makeUserKey, for: member) == .allowed)
        #expect(Permissions.decide(.makeUserKey, for: memberByKey) == .denied(.keysMakeNoKeys))
        #expect(Permissions.decide(.makeSystemKey, for: admin) == .allowed)
        #expect(Permissions.decide(.makeSystemKey, for: adminSecret) == .allowed)
        #expect(Permissions.decide(.makeSystemKey, for: systemKey) == .denied(.keysMakeNoKeys))
        #expect(Permissions.decide(.makeSystemKey, for: member) == .denied(.adminsOnly))
    }

    @Test func `The system user has no keys of its own`() {
        #expect(Permissions.decide(.makeUserKey, for: adminSecret) == .denied(.systemHasNoUserKeys))
        #expect(Permissions.decide(.ownKeys, for: systemKey) == .denied(.systemHasNoUserKeys))
        #expect(Permissions.decide(.ownKeys, for: adminSecret) == .allowed)
    }

    @Test(arguments: ["/v1/projects/:project/spans", "/v1/projects/{id}/spans", "v1/projects/{}/spans"])
    func `A route is found however its router writes what varies`(path: String) {
        #expect(RESTPermissions.rule(method: "GET", path: path) == .read)
        #expect(RESTPermissions.rule(method: "POST", path: path) == .write)
    }
}
