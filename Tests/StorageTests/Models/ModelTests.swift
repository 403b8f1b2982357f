import Database
import Domain
import Pricing
import TestSupport
import Testing

@testable import Storage

@Suite("Models and prices", .serialized)
struct ModelTests {
    private static func draft(_ name: String = "mine", input: Double = 2) -> ModelDraft {
        ModelDraft(
            name: name, namePattern: "\(name)-.*", provider: "openai", startTime: 5,
            tokenPrices: [
                TokenPrice(tokenType: "input", isPrompt: true, dollarsPerMillion: input),
                TokenPrice(tokenType: "output", isPrompt: false, dollarsPerMillion: 8),
            ])
    }

    @Test("a model comes back as it was stored, and as it was replaced")
    func roundTrip() async throws {
        try await withAnnotatedSpans { database in
            let models = ModelRepository(database: database)
            let made = try await models.create(Self.draft(), now: 3)
            #expect(made.id >= ModelPrice.firstOwnID && !made.price.isBuiltIn)
            #expect(made.price.name == "mine" && made.price.namePattern == "mine-.*" && made.createdAt == 3)
            #expect(made.price.tokenPrices == Self.draft().tokenPrices)
            #expect(try await models.models() == [made])
            var other = Self.draft("other")
            (other.provider, other.startTime) = (nil, nil)
            other.tokenPrices.removeLast()
            let replaced = try #require(try await models.replace(id: made.id, with: other, now: 4))
            #expect(replaced.price.provider == nil && replaced.price.startTime == nil)
            #expect(replaced.price.tokenPrices.count == 1 && replaced.createdAt == 3 && replaced.updatedAt == 4)
            #expect(try await models.model(id: made.id) == replaced)
            #expect(try await models.remove(id: made.id) == replaced)
            #expect(try await models.remove(id: made.id) == nil)
            #expect(try await models.replace(id: made.id, with: other) == nil)
            #expect(try await database.count("token_prices") == 0)
        }
    }

    @Test("names are taken once, and so are patterns of a provider")
    func uniqueness() async throws {
        try await withAnnotatedSpans { database in
            let models = ModelRepository(database: database)
            _ = try await models.create(Self.draft())
            await #expect(throws: DatabaseError.self) { _ = try await models.create(Self.draft()) }
            var renamed = Self.draft()
            renamed.name = "renamed"
            let sameKey = renamed
            await #expect(throws: DatabaseError.self) { _ = try await models.create(sameKey) }
            renamed.provider = "azure"
            let made = try await models.create(renamed)
            #expect(made.price.provider == "azure")
        }
    }

    @Test("spans cost by a model of one's own as soon as prices are refreshed")
    func refresh() async throws {
        try await withAnnotatedSpans { database in
            let models = ModelRepository(database: database)
            let prices = CurrentPrices()
            func cost() -> Int64? {
                prices.table.cost(
                    model: "mine-1", provider: nil, startTime: 10, promptTokens: 100, completionTokens: 0, details: []
                )?.promptCost
            }
            #expect(cost() == nil)
            let made = try await models.create(Self.draft())
            #expect(cost() == nil)
            #expect(try await prices.refresh(from: models))
            #expect(cost() == 200_000)
            #expect(try await !prices.refresh(from: models))
            _ = try await models.replace(id: made.id, with: Self.draft(input: 3))
            _ = try await prices.refresh(from: models)
            #expect(cost() == 300_000)
            _ = try await models.remove(id: made.id)
            _ = try await prices.refresh(from: models)
            #expect(cost() == nil)
        }
    }
}
