import Database
import GraphQL
import Messaging
import Pricing
import Storage

/// Models are added, changed and deleted. What spans have cost by them stays as it is.
enum ModelMutations {
    static let part = APISchema.Part(types: inputs + payloads + [mutation])

    // MARK: Inputs

    private static let draftFields: [SchemaInputValue] = [
        .argument("namePattern", .nonNull(.string), description: "A regular expression for a span's whole model name."),
        .argument("costs", .nonNull(.list(.nonNull(.named("TokenPriceInput")))), description: "One a kind of token."),
        .argument("startTime", .named("DateTime"), default: .null, description: "From when on it counts."),
    ]

    private static let inputs: [any TypeDeclaration] = [
        InputObjectType(
            "TokenPriceInput", description: "What tokens of one kind cost.",
            fields: [
                .argument("tokenType", .nonNull(.string)), .argument("costPerMillionTokens", .nonNull(.float)),
                .argument("kind", .nonNull(.named("TokenKind"))),
            ]),
        InputObjectType(
            "CreateModelMutationInput", description: "A new model.",
            fields: [.argument("name", .nonNull(.string)), .argument("provider", .string, default: .null)]
                + draftFields),
        InputObjectType(
            "UpdateModelMutationInput", description: "A model as it is to be.",
            fields: [
                .argument("id", .nonNull(.id)), .argument("name", .nonNull(.string)), .argument("provider", .string),
            ] + draftFields),
        InputObjectType(
            "DeleteModelMutationInput", description: "Which model is to go.",
            fields: [.argument("id", .nonNull(.id))]),
    ]

    private struct Price: InputObjectDecodable {
        let price: TokenPrice

        init(fields: Arguments) throws {
            let tokenType = try fields.string("tokenType").trimmingWhitespace()
            guard !tokenType.isEmpty else { throw ExpectedError("A token type must not be empty") }
            let dollars: Double = try fields.value("costPerMillionTokens")
            guard dollars.isFinite, dollars >= 0 else { throw ExpectedError("A price must not be negative") }
            price = TokenPrice(
                tokenType: tokenType, isPrompt: try fields.value("kind", as: ModelTypes.TokenKind.self) == .prompt,
                dollarsPerMillion: dollars)
        }
    }

    private struct Input: InputObjectDecodable {
        let fields: Arguments

        /// Throws unless it can have a price for any span.
        func draft() throws -> ModelDraft {
            let name = try fields.string("name").trimmingWhitespace()
            guard !name.isEmpty else { throw ExpectedError("Model name cannot be empty") }
            let pattern = try fields.string("namePattern")
            guard !pattern.isEmpty, PriceTable.isValidPattern(pattern) else {
                throw ExpectedError(
                    "Invalid regular expression: \(pattern) (no group may be repeated, and at most three other parts)")
            }
            let provider = try fields.optionalString("provider")?.trimmingWhitespace()
            return ModelDraft(
                name: name, namePattern: pattern, provider: provider?.isEmpty == true ? nil : provider,
                startTime: try fields.time("startTime"), tokenPrices: try prices())
        }

        private func prices() throws -> [TokenPrice] {
            let prices: [Price] = try fields.value("costs")
            let kinds = prices.map { "\($0.price.isPrompt) \($0.price.tokenType)" }
            guard Set(kinds).count == kinds.count else {
                throw ExpectedError("There must be one price for each token type and kind")
            }
            guard kinds.contains("true input"), kinds.contains("false output") else {
                throw ExpectedError("A price for input of kind PROMPT and one for output of kind COMPLETION are needed")
            }
            return prices.map(\.price)
        }

        func id() throws -> Int64 {
            let id = try fields.id("id", of: ModelTypes.typeName)
            guard !ModelTypes.isBuiltIn(id) else { throw ExpectedError("Built-in models cannot be changed") }
            return id
        }
    }

    // MARK: Mutations

    private static func payload(_ name: String) -> Object<PricedModel> {
        ObjectType(name, description: "A model as it is now, or was.") { type in
            type.field("model", .nonNull(.named(ModelTypes.typeName)), description: "The model.") {
                ModelTypes.model($0)
            }
            Roots.addQuery(to: &type)
        }
    }

    private static let created = payload("CreateModelMutationPayload")
    private static let updated = payload("UpdateModelMutationPayload")
    private static let deleted = payload("DeleteModelMutationPayload")
    private static let payloads: [any TypeDeclaration] = [created, updated, deleted]

    private static let mutation = Roots.mutation.extended { type in
        add(&type, "createModel", created, "CreateModelMutationInput", "Adds a model; new spans cost by it.") {
            try await $1.create($0.draft())
        }
        add(&type, "updateModel", updated, "UpdateModelMutationInput", "Puts other contents into a model.") {
            try await $1.replace(id: $0.id(), with: $0.draft())
        }
        add(&type, "deleteModel", deleted, "DeleteModelMutationInput", "Deletes a model.") {
            try await $1.remove(id: $0.id())
        }
    }

    private static func add(
        _ type: inout RootType<GraphQLContext>.Fields, _ name: String, _ payload: Object<PricedModel>, _ input: String,
        _ description: String, _ work: @escaping @Sendable (Input, ModelRepository) async throws -> OwnModel?
    ) {
        type.asyncField(
            name, .nonNull(.named(payload.name)), description: description,
            arguments: [.argument("input", .nonNull(.named(input)))]
        ) { _, field in
            do {
                guard let model = try await work(field.argument("input"), field.context.repositories.models) else {
                    throw ExpectedError("Model not found")
                }
                field.context.bus.publish(ModelsChanged())
                return payload(PricedModel(model))
            } catch DatabaseError.uniqueViolation {
                throw ExpectedError("A model of this name, or of this pattern and provider, exists already")
            }
        }
    }
}
