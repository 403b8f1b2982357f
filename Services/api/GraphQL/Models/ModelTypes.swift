import Domain
import GraphQL
import Pricing
import Storage

/// A model, whoever added it.
struct PricedModel: Sendable {
    let price: ModelPrice
    /// Nanoseconds since 1970.
    let createdAt: Int64
    let updatedAt: Int64

    var id: Int64 { price.id }

    init(_ own: OwnModel) {
        price = own.price
        createdAt = own.createdAt
        updatedAt = own.updatedAt
    }

    init(builtIn price: ModelPrice) {
        self.price = price
        createdAt = ModelPrice.builtInSince
        updatedAt = ModelPrice.builtInSince
    }
}

/// Models with their prices: those that Bennu comes with and those that people have added.
enum ModelTypes {
    static let part = APISchema.Part(
        types: [kind, providerKey, tokenKind, tokenPrice, modelInterface, model, query, projectFields] + models.types,
        nodes: [
            NodeLookup(typeName) { id, field in try await find([id], field)[id].map { model($0) } }
        ])

    static let typeName = "GenerativeModel"

    enum Kind: String, GraphQLEnum, Hashable {
        case custom = "CUSTOM"
        case builtIn = "BUILT_IN"
    }

    private static let kind = EnumType("GenerativeModelKind", Kind.self, description: "Whose model it is.")

    private enum ProviderKey: String, GraphQLEnum, Hashable {
        case openAI = "OPENAI"
        case anthropic = "ANTHROPIC"
        case azureOpenAI = "AZURE_OPENAI"
        case google = "GOOGLE"
        case deepSeek = "DEEPSEEK"
        case xAI = "XAI"
        case ollama = "OLLAMA"
        case aws = "AWS"
        case cerebras = "CEREBRAS"
        case fireworks = "FIREWORKS"
        case groq = "GROQ"
        case moonshot = "MOONSHOT"
        case perplexity = "PERPLEXITY"
        case together = "TOGETHER"

        /// - Parameter provider: as OpenInference writes `llm.provider`.
        init?(provider: String) {
            switch provider.lowercased() {
            case "azure": self = .azureOpenAI
            case let name: self.init(rawValue: name.uppercased())
            }
        }
    }

    private static let providerKey = EnumType(
        "GenerativeProviderKey", ProviderKey.self, description: "Who serves a model.")

    enum TokenKind: String, GraphQLEnum, Hashable {
        case prompt = "PROMPT"
        case completion = "COMPLETION"
    }

    private static let tokenKind = EnumType(
        "TokenKind", TokenKind.self, description: "Whether tokens are sent to a model or come from it.")

    private static let tokenPrice: Object<TokenPrice> = ObjectType(
        "TokenPrice", description: "What tokens of one kind cost."
    ) { type in
        type.field("tokenType", .nonNull(.string), description: "Such as input, output or cache_read.") {
            $0.tokenType
        }
        type.field("kind", .nonNull(.named("TokenKind")), description: "Which way they go.") {
            ($0.isPrompt ? TokenKind.prompt : .completion).rawValue
        }
        type.field("costPerMillionTokens", .nonNull(.float), description: "Of a million of them, in dollars.") {
            $0.dollarsPerMillion
        }
        type.field("costPerToken", .nonNull(.float), description: "Of one of them, in dollars.") {
            $0.dollarsPerMillion / 1e6
        }
    }

    private static let modelInterface = InterfaceType(
        "ModelInterface", description: "Anything that tokens can be bought of.",
        fields: [
            .field("name", .nonNull(.string), description: "What it is called."),
            .field("providerKey", .named("GenerativeProviderKey"), description: "Who serves it."),
        ])

    // MARK: Models

    static let model: Object<PricedModel> = ObjectType(
        typeName, description: "A model, and what its tokens cost.", implements: ["Node", "ModelInterface"]
    ) { type in
        type.field("id", .nonNull(.id), description: "Distinct among all nodes.") { nodeID(typeName, $0.id) }
        type.field("name", .nonNull(.string), description: "Distinct among models of one kind.") { $0.price.name }
        type.field("providerKey", .named("GenerativeProviderKey"), description: "Who serves it, if that is well known.")
        {
            $0.price.provider.flatMap { ProviderKey(provider: $0) }?.rawValue
        }
        type.field("provider", .string, description: "Whose spans it is for; null for anybody's.") { $0.price.provider }
        type.field(
            "namePattern", .nonNull(.string), description: "A regular expression for the whole of a span's model name."
        ) { $0.price.namePattern }
        type.field("kind", .nonNull(.named("GenerativeModelKind")), description: "Whose model it is.") {
            ($0.price.isBuiltIn ? Kind.builtIn : .custom).rawValue
        }
        type.field("createdAt", .nonNull(.named("DateTime")), description: "When it was added.") {
            dateTime($0.createdAt)
        }
        type.field("updatedAt", .nonNull(.named("DateTime")), description: "When it was changed last.") {
            dateTime($0.updatedAt)
        }
        type.field("startTime", .named("DateTime"), description: "From when on its prices count; null for always.") {
            dateTime($0.price.startTime)
        }
        type.field(
            "tokenPrices", .nonNull(.list(.nonNull(.named("TokenPrice")))), description: "One a kind of token."
        ) { tokenPrice($0.price.tokenPrices) }
        addUsage(&type)
    }

    private static func addUsage(_ type: inout Object<PricedModel>.Fields) {
        let scope: [SchemaInputValue] = [
            .argument("projectId", .id, description: "Whose spans count; all projects' where it is left out."),
            .argument("timeRange", .named("TimeRange"), description: "When the spans began that count."),
        ]
        type.batched(
            "costSummary", .nonNull(.named("SpanCostSummary")), description: "What its tokens cost.", arguments: scope
        ) { models, field in
            try await charges(of: models, field).map { CostTypes.summary(SpanTotals(charges: $0)) }
        }
        type.batched(
            "costDetailSummaryEntries", .nonNull(.list(.nonNull(.named("SpanCostDetailSummaryEntry")))),
            description: "What its tokens cost by kind.", arguments: scope
        ) { models, field in
            try await charges(of: models, field).map { CostTypes.entries($0) }
        }
        type.batched("lastUsedAt", .named("DateTime"), description: "When its newest span began.") { models, field in
            let uses = try await field.context.repositories.modelUsage.lastUses(ofModels: models.map(\.id))
            return models.map { dateTime(uses[$0.id]) }
        }
    }

    private static func charges(of models: [PricedModel], _ field: Field) async throws -> [[TokenCharge]] {
        let range: TimeRange? = try field.argument("timeRange")
        let scope = ModelUsage.Scope(
            projectID: try field.arguments.optionalID("projectId", of: "Project"), start: range?.start,
            end: range?.end)
        let charges = try await field.context.repositories.modelUsage.charges(ofModels: models.map(\.id), in: scope)
        return models.map { charges[$0.id] ?? [] }
    }

    private static let models = ConnectionTypes<PricedModel>(typeName) { model($0) }

    private static let query = Roots.query.extended { type in
        type.asyncField(
            "generativeModels", .nonNull(.named("GenerativeModelConnection")),
            description: "People's own by name, then those that Bennu comes with.",
            arguments: PageArguments.declared()
        ) { _, field in
            let own = try await field.context.repositories.models.models().map { PricedModel($0) }
            let all = own.sorted { $0.price.name < $1.price.name } + builtIn
            return models(try Page(of: all, PageArguments(field.arguments)))
        }
    }

    private static let builtIn = ModelPrice.builtIn.map { PricedModel(builtIn: $0) }
    private static let builtInByID = Dictionary(uniqueKeysWithValues: builtIn.map { ($0.id, $0) })

    static func isBuiltIn(_ id: Int64) -> Bool { builtInByID[id] != nil }

    private static func find(_ ids: [Int64], _ field: Field) async throws -> [Int64: PricedModel] {
        var found = builtInByID.filter { ids.contains($0.key) }
        if ids.contains(where: { $0 >= ModelPrice.firstOwnID }) {
            for model in try await field.context.repositories.models.models() where ids.contains(model.id) {
                found[model.id] = PricedModel(model)
            }
        }
        return found
    }

    // MARK: Of projects

    private static let projectFields = ProjectTypes.project.extended { type in
        addTop(&type, "topModelsByCost", "Models that the most was paid for, the dearest first.") {
            $0.reduce(0) { $0 + $1.cost }
        }
        addTop(&type, "topModelsByTokenCount", "Models that took the most tokens, the busiest first.") {
            $0.reduce(0) { $0 + $1.tokens }
        }
    }

    private static func addTop(
        _ type: inout Object<ProjectNode>.Fields, _ name: String, _ description: String,
        _ measure: @escaping @Sendable ([TokenCharge]) -> Int64
    ) {
        type.asyncField(
            name, .nonNull(.list(.nonNull(.named(typeName)))), description: description,
            arguments: [.argument("timeRange", .nonNull(.named("TimeRange")))]
        ) { project, field in
            let range: TimeRange = try field.argument("timeRange")
            let scope = ModelUsage.Scope(projectID: project.id, start: range.start, end: range.end)
            let measures = try await field.context.repositories.modelUsage.charges(in: scope).mapValues(measure)
                .filter { $0.value > 0 }
            let found = try await find(Array(measures.keys), field)
            let order = measures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
            return model(order.compactMap { found[$0] })
        }
    }
}

extension SpanTotals {
    /// The tokens and costs of charges.
    fileprivate init(charges: [TokenCharge]) {
        self.init()
        for charge in charges {
            if charge.isPrompt {
                promptTokens += charge.tokens
                promptCost += charge.cost
            } else {
                completionTokens += charge.tokens
                completionCost += charge.cost
            }
        }
    }
}
