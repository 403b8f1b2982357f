import Database
import Domain
import Pricing

/// A model that people have added, with the prices of its tokens.
public struct OwnModel: Sendable, Hashable {
    public var price: ModelPrice
    /// Nanoseconds since 1970.
    public var createdAt: Int64
    public var updatedAt: Int64

    public var id: Int64 { price.id }
}

/// What a model is made of, but for its id.
public struct ModelDraft: Sendable, Hashable {
    public var name: String
    /// A regular expression for the whole of a span's model name; see `PriceTable.isValidPattern`.
    public var namePattern: String
    /// Nil for any.
    public var provider: String?
    /// Nanoseconds since 1970 from which on it counts; nil for always.
    public var startTime: Int64?
    /// Of several for one token type and side the last counts.
    public var tokenPrices: [TokenPrice]

    public init(
        name: String, namePattern: String, provider: String? = nil, startTime: Int64? = nil, tokenPrices: [TokenPrice]
    ) {
        self.name = name
        self.namePattern = namePattern
        self.provider = provider
        self.startTime = startTime
        self.tokenPrices = tokenPrices
    }
}

/// The tables `generative_models` and `token_prices`: models that people have added. Those that Bennu comes with are
/// `ModelPrice.builtIn`.
public struct ModelRepository: Sendable {
    private let database: Database

    public init(database: Database) {
        self.database = database
    }

    /// By id.
    public func models() async throws -> [OwnModel] {
        try await database.read { try Self.models("TRUE", [], on: $0) }
    }

    public func model(id: Int64) async throws -> OwnModel? {
        try await database.read { try Self.models("id = $1", [.integer(id)], on: $0).first }
    }

    /// Throws `DatabaseError.uniqueViolation` where there is a model of that name, or of that pattern and provider.
    public func create(_ draft: ModelDraft, now: Int64 = SystemClock.now()) async throws -> OwnModel {
        try await database.write { connection in
            let row = try connection.query(
                """
                INSERT INTO generative_models (name, name_pattern, provider, start_time, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $5) RETURNING id
                """, draft.values + [.integer(now)])[0]
            let id = try row.integer(0)
            try Self.setPrices(draft.tokenPrices, of: id, on: connection)
            return try Self.written(id, on: connection)
        }
    }

    /// Puts other contents into a model. Nil where there is none; throws as `create` does.
    public func replace(id: Int64, with draft: ModelDraft, now: Int64 = SystemClock.now()) async throws -> OwnModel? {
        try await database.write { connection in
            let count = try connection.execute(
                """
                UPDATE generative_models SET name = $1, name_pattern = $2, provider = $3, start_time = $4,
                    updated_at = $5 WHERE id = $6
                """, draft.values + [.integer(now), .integer(id)])
            guard count == 1 else { return nil }
            try Self.setPrices(draft.tokenPrices, of: id, on: connection)
            return try Self.written(id, on: connection)
        }
    }

    /// Deletes a model and returns what it was. What spans cost by it stays.
    public func remove(id: Int64) async throws -> OwnModel? {
        try await database.write { connection in
            let found = try Self.models("id = $1", [.integer(id)], on: connection).first
            try connection.execute("DELETE FROM generative_models WHERE id = $1", [.integer(id)])
            return found
        }
    }

    private static func written(_ id: Int64, on connection: DatabaseConnection) throws -> OwnModel {
        guard let model = try models("id = $1", [.integer(id)], on: connection).first else {
            throw DatabaseError.serialization
        }
        return model
    }

    private static func setPrices(
        _ prices: [TokenPrice], of id: Int64, on connection: DatabaseConnection
    ) throws {
        try connection.execute("DELETE FROM token_prices WHERE model_id = $1", [.integer(id)])
        for price in prices {
            try connection.execute(
                """
                INSERT INTO token_prices (model_id, token_type, is_prompt, dollars_per_million) VALUES ($1, $2, $3, $4)
                ON CONFLICT (model_id, token_type, is_prompt) DO UPDATE
                    SET dollars_per_million = excluded.dollars_per_million
                """,
                [.integer(id), .text(price.tokenType), .boolean(price.isPrompt), .real(price.dollarsPerMillion)])
        }
    }

    private static func models(
        _ condition: String, _ values: [SQLValue], on connection: DatabaseConnection
    ) throws -> [OwnModel] {
        var models = try connection.query(
            """
            SELECT id, name, name_pattern, provider, start_time, created_at, updated_at FROM generative_models
            WHERE \(condition) ORDER BY id
            """, values
        ).map(OwnModel.init)
        let places = Dictionary(uniqueKeysWithValues: models.enumerated().map { ($1.id, $0) })
        let prices = try connection.query(
            """
            SELECT model_id, token_type, is_prompt, dollars_per_million FROM token_prices
            WHERE model_id IN (SELECT id FROM generative_models WHERE \(condition))
            ORDER BY model_id, is_prompt DESC, token_type
            """, values)
        for row in prices {
            guard let place = places[try row.integer(0)] else { continue }
            models[place].price.tokenPrices.append(
                TokenPrice(
                    tokenType: try row.text(1), isPrompt: try row.boolean(2), dollarsPerMillion: try row.real(3)))
        }
        return models
    }
}

extension ModelDraft {
    /// No provider is an empty one in the database, so that the unique key sees it.
    fileprivate var values: [SQLValue] {
        [
            .text(name), .text(namePattern), .text(provider ?? ""), .optional(startTime),
        ]
    }
}

extension OwnModel {
    fileprivate init(_ row: SQLRow) throws {
        let provider = try row.text(3)
        price = ModelPrice(
            id: try row.integer(0), name: try row.text(1), namePattern: try row.text(2),
            provider: provider.isEmpty ? nil : provider, startTime: try row.optionalInteger(4), tokenPrices: [])
        createdAt = try row.integer(5)
        updatedAt = try row.integer(6)
    }
}
