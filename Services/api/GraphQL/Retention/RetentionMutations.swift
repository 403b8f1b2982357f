import Database
import GraphQL
import Storage

/// Retention policies are made, changed and deleted.
enum RetentionMutations {
    static let part = APISchema.Part(types: inputs + [payload, mutation])

    private static let typeName = "ProjectTraceRetentionPolicy"

    // MARK: Inputs

    private static let inputs: [any TypeDeclaration] = [
        InputObjectType(
            "ProjectTraceRetentionRuleMaxDaysInput", description: "Traces go at an age.",
            fields: [.argument("maxDays", .nonNull(.float))]),
        InputObjectType(
            "ProjectTraceRetentionRuleMaxCountInput", description: "The newest traces stay.",
            fields: [.argument("maxCount", .nonNull(.int))]),
        InputObjectType(
            "ProjectTraceRetentionRuleMaxDaysOrCountInput",
            description: "Traces go at an age, or when there are too many.",
            fields: [.argument("maxDays", .nonNull(.float)), .argument("maxCount", .nonNull(.int))]),
        InputObjectType(
            "ProjectTraceRetentionRuleInput", description: "What goes: one of these.", isOneOf: true,
            fields: [
                .argument("maxDays", .named("ProjectTraceRetentionRuleMaxDaysInput")),
                .argument("maxCount", .named("ProjectTraceRetentionRuleMaxCountInput")),
                .argument("maxDaysOrCount", .named("ProjectTraceRetentionRuleMaxDaysOrCountInput")),
            ]),
        InputObjectType(
            "CreateProjectTraceRetentionPolicyInput", description: "A new policy.",
            fields: [
                .argument("name", .nonNull(.string)), .argument("cronExpression", .nonNull(.named("CronExpression"))),
                .argument("rule", .nonNull(.named("ProjectTraceRetentionRuleInput"))),
                .argument("addProjects", .list(.nonNull(.id)), description: "Those that are to follow it."),
            ]),
        InputObjectType(
            "PatchProjectTraceRetentionPolicyInput", description: "What is to be different; what is left out stays.",
            fields: [
                .argument("id", .nonNull(.id)), .argument("name", .string),
                .argument("cronExpression", .named("CronExpression")),
                .argument("rule", .named("ProjectTraceRetentionRuleInput")),
                .argument("addProjects", .list(.nonNull(.id)), description: "Those that are to follow it."),
                .argument("removeProjects", .list(.nonNull(.id)), description: "Those that are not to any more."),
            ]),
        InputObjectType(
            "DeleteProjectTraceRetentionPolicyInput", description: "Which is to go.",
            fields: [.argument("id", .nonNull(.id))]),
    ]

    private struct Input: InputObjectDecodable {
        let fields: Arguments

        /// Nil where none is given. Throws unless it is one rule with numbers that can be.
        func rule() throws -> RetentionRule? {
            let given: Input? = try fields.value("rule")
            guard let given else { return nil }
            let rules: [Input?] = try ["maxDays", "maxCount", "maxDaysOrCount"].map { try given.fields.value($0) }
            let chosen = rules.compactMap { $0 }
            guard chosen.count == 1 else { throw ExpectedError("Exactly one rule must be given") }
            let rule = RetentionRule(
                maxDays: try chosen[0].fields.optionalDouble("maxDays"),
                maxCount: try chosen[0].fields.optionalInt("maxCount").map(Int64.init))
            guard (rule.maxDays ?? 0) >= 0, (rule.maxCount ?? 0) >= 0 else {
                throw ExpectedError("A rule's numbers must not be negative")
            }
            return rule
        }

        func name() throws -> String? {
            guard let name = try fields.optionalString("name")?.trimmingWhitespace() else { return nil }
            guard !name.isEmpty else { throw ExpectedError("Name cannot be empty") }
            return name
        }

        func projects(_ name: String) throws -> [Int64] {
            fields[name].map(\.isNull) ?? true ? [] : try fields.ids(name, of: "Project")
        }
    }

    private static let payload: Object<RetentionPolicy> = ObjectType(
        "ProjectTraceRetentionPolicyMutationPayload", description: "A policy as it is now, or was."
    ) { type in
        type.field("node", .nonNull(.named(typeName)), description: "The policy.") { RetentionTypes.policy($0) }
        Roots.addQuery(to: &type)
    }

    // MARK: Mutations

    private static let mutation = Roots.mutation.extended { type in
        let answer = WrappedType.nonNull(.named("ProjectTraceRetentionPolicyMutationPayload"))
        type.asyncField(
            "createProjectTraceRetentionPolicy", answer, description: "Makes a policy.",
            arguments: [.argument("input", .nonNull(.named("CreateProjectTraceRetentionPolicyInput")))]
        ) { _, field in try await answering { try await create(field) } }
        type.asyncField(
            "patchProjectTraceRetentionPolicy", answer, description: "Changes a policy.",
            arguments: [.argument("input", .nonNull(.named("PatchProjectTraceRetentionPolicyInput")))]
        ) { _, field in try await answering { try await patch(field) } }
        type.asyncField(
            "deleteProjectTraceRetentionPolicy", answer,
            description: "Deletes a policy; its projects follow the default one from then on.",
            arguments: [.argument("input", .nonNull(.named("DeleteProjectTraceRetentionPolicyInput")))]
        ) { _, field in try await answering { try await delete(field) } }
    }

    private static func answering(_ work: () async throws -> RetentionPolicy?) async throws -> OutputValue {
        do {
            guard let policy = try await work() else { throw ExpectedError("Retention policy not found") }
            return payload(policy)
        } catch DatabaseError.uniqueViolation {
            throw ExpectedError("A retention policy of this name exists already")
        } catch DatabaseError.foreignKeyViolation {
            throw ExpectedError("Project not found")
        }
    }

    private static func create(_ field: Field) async throws -> RetentionPolicy? {
        let input: Input = try field.argument("input")
        guard let name = try input.name(), let rule = try input.rule() else { return nil }
        return try await field.context.repositories.retention.create(
            name: name, cronExpression: input.fields.string("cronExpression"), rule: rule,
            projects: input.projects("addProjects"))
    }

    private static func patch(_ field: Field) async throws -> RetentionPolicy? {
        let input: Input = try field.argument("input")
        let id = try input.fields.id("id", of: typeName)
        let name = try input.name()
        guard id != RetentionPolicy.defaultID || name == nil else {
            throw ExpectedError("The default policy keeps its name")
        }
        return try await field.context.repositories.retention.update(
            id: id, name: name, cronExpression: input.fields.optionalString("cronExpression"), rule: input.rule(),
            addProjects: input.projects("addProjects"), removeProjects: input.projects("removeProjects"))
    }

    private static func delete(_ field: Field) async throws -> RetentionPolicy? {
        let input: Input = try field.argument("input")
        let id = try input.fields.id("id", of: typeName)
        guard id != RetentionPolicy.defaultID else { throw ExpectedError("The default policy cannot be deleted") }
        return try await field.context.repositories.retention.remove(id: id)
    }
}
