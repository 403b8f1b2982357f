import Access
import Testing

import class GraphQL.Schema
import enum GraphQL.TypeKind

@testable import bennu_api

@Suite("Permissions of GraphQL")
struct GraphQLPermissionTests {
    @Test("every field of every object type has a rule")
    func everyField() throws {
        let schema = try APISchema.make().schema
        var count = 0
        for type in schema.types where type.kind == .object && !type.name.hasPrefix("__") {
            for field in type.fields {
                count += 1
                #expect(
                    GraphQLPermissions.rule(type: type.name, field: field.name) != nil,
                    "\(type.name).\(field.name) has no row in GraphQLPermissions")
            }
        }
        #expect(count > 50)
    }
}
