import Access
import Foundation
import GraphQL
import Testing

@testable import bennu_api

@Suite("The GraphQL schema")
struct APISchemaTests {
    @Test("every field stands under a rule")
    func permissions() throws {
        let schema = try APISchema.make().schema
        for type in schema.types where type.kind == .object && !type.name.hasPrefix("__") {
            for field in type.fields {
                #expect(
                    GraphQLPermissions.rule(type: type.name, field: field.name) != nil, "\(type.name).\(field.name)")
            }
        }
    }
}
