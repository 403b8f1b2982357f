import Domain
import GraphQL
import Storage

/// How long projects keep their traces.
enum RetentionTypes {
    static let part = APISchema.Part(
        types: [cronExpression, policy, maxDays, maxCount, maxDaysOrCount, rule, projectField, query]
            + policies.types,
        nodes: [
            NodeLookup("ProjectTraceRetentionPolicy") { number, field in
                try await field.context.repositories.retention.policy(id: number).map { policy($0) }
            }
        ])

    private static let cronExpression = ScalarType(
        "CronExpression", description: "Five fields as crontab writes them, in UTC.",
        parse: { value in
            guard case .string(let text) = value else { throw ExpectedError("it is no cron expression") }
            do throws(CronSchedule.Invalid) {
                _ = try CronSchedule(text)
            } catch {
                throw ExpectedError(error.message)
            }
            return value
        })

    // MARK: Rules

    /// A policy without a rule keeps everything, which zero days stand for.
    private static func rule(_ rule: RetentionRule?) -> OutputValue {
        guard let count = rule?.maxCount else { return maxDays(rule?.maxDays ?? 0) }
        guard let days = rule?.maxDays else { return maxCount(Int(count)) }
        return maxDaysOrCount(Both(days: days, count: Int(count)))
    }

    private struct Both: Sendable {
        var days: Double
        var count: Int
    }

    private static let maxDays: Object<Double> = ObjectType(
        "TraceRetentionRuleMaxDays", description: "Traces go at an age."
    ) { type in
        type.field("maxDays", .nonNull(.float), description: "The age in days; zero for never.") { $0 }
    }

    private static let maxCount: Object<Int> = ObjectType(
        "TraceRetentionRuleMaxCount", description: "The newest traces stay."
    ) { type in
        type.field("maxCount", .nonNull(.int), description: "How many stay.") { $0 }
    }

    private static let maxDaysOrCount: Object<Both> = ObjectType(
        "TraceRetentionRuleMaxDaysOrCount", description: "Traces go at an age, or when there are too many."
    ) { type in
        type.field("maxDays", .nonNull(.float), description: "The age in days; zero for never.") { $0.days }
        type.field("maxCount", .nonNull(.int), description: "How many stay.") { $0.count }
    }

    private static let rule = UnionType(
        "TraceRetentionRule", description: "What goes.",
        members: ["TraceRetentionRuleMaxDays", "TraceRetentionRuleMaxCount", "TraceRetentionRuleMaxDaysOrCount"])

    // MARK: Policies

    static let policy: Object<RetentionPolicy> = ObjectType(
        "ProjectTraceRetentionPolicy", description: "When, and which, traces of its projects are deleted.",
        implements: ["Node"]
    ) { type in
        type.field("id", .nonNull(.id), description: "The policy's own id.") {
            nodeID("ProjectTraceRetentionPolicy", $0.id)
        }
        type.field("name", .nonNull(.string), description: "What it is called.") { $0.name }
        type.field("cronExpression", .nonNull(.named("CronExpression")), description: "When it is carried out.") {
            $0.cronExpression
        }
        type.field("rule", .nonNull(.named("TraceRetentionRule")), description: "What goes.") { rule($0.rule) }
        type.asyncField(
            "projects", .nonNull(.named("ProjectConnection")), description: "Those that follow it.",
            arguments: PageArguments.declared(first: 100)
        ) { policy, field in
            let ids = try await field.context.repositories.retention.projectIDs(
                ofPolicy: policy.id, limit: Int(Int32.max))
            let page = try Page(of: ids, PageArguments(field.arguments))
            let records = try await field.context.repositories.projects.projects(page.items)
            return ProjectTypes.projects(page.mapped { id in records[id].map { ProjectNode(record: $0) } })
        }
    }

    private static let policies = ConnectionTypes<RetentionPolicy>("ProjectTraceRetentionPolicy") { policy($0) }

    private static let projectField = ProjectTypes.project.extended { type in
        type.batched(
            "traceRetentionPolicy", .nonNull(.named("ProjectTraceRetentionPolicy")),
            description: "How long its traces are kept."
        ) { projects, field in
            let found = try await field.context.repositories.retention.policies(ofProjects: projects.map(\.id))
            return projects.map { policy(found[$0.id]) }
        }
    }

    private static let query = Roots.query.extended { type in
        type.asyncField(
            "defaultProjectTraceRetentionPolicy", .nonNull(.named("ProjectTraceRetentionPolicy")),
            description: "What projects follow that have no policy of their own."
        ) { _, field in
            policy(try await field.context.repositories.retention.policy(id: RetentionPolicy.defaultID))
        }
        type.asyncField(
            "projectTraceRetentionPolicies", .nonNull(.named("ProjectTraceRetentionPolicyConnection")),
            description: "All of them.", arguments: PageArguments.declared(first: 100)
        ) { _, field in
            let all = try await field.context.repositories.retention.policies(limit: Int(Int32.max))
            return policies(try Page(of: all, PageArguments(field.arguments)))
        }
    }
}
