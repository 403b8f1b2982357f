import Database
import Domain
import TestSupport
import Testing

@testable import Storage

@Suite("Annotation configs", .serialized)
struct AnnotationConfigTests {
    private static let configs = [
        AnnotationConfig(
            name: "correct", description: "is it",
            kind: .categorical(
                direction: .maximize, choices: [.init(label: "yes", score: 1), .init(label: "no", score: nil)])),
        AnnotationConfig(name: "warmth", kind: .continuous(direction: .none, lowerBound: -1.5, upperBound: nil)),
        AnnotationConfig(
            name: "words", kind: .freeform(direction: .minimize, threshold: 0.5, lowerBound: nil, upperBound: 2)),
    ]

    @Test("every kind of config comes back as it was stored, and as it was replaced", arguments: configs)
    func roundTrip(config: AnnotationConfig) async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationConfigRepository(database: database)
            let record = try await repository.create(config)
            #expect(try await repository.config(id: record.id)?.config == config)
            #expect(try await repository.config(name: config.name)?.id == record.id)
            for other in Self.configs {
                _ = try await repository.replace(id: record.id, with: other)
                #expect(try await repository.config(id: record.id)?.config == other)
            }
            await #expect(throws: DatabaseError.self) { _ = try await repository.create(Self.configs[2]) }
            #expect(try await repository.replace(id: record.id + 1, with: config) == nil)
        }
    }

    @Test("configs are assigned to projects, and go from them when they are deleted")
    func assignment() async throws {
        try await withAnnotatedSpans { database in
            let repository = AnnotationConfigRepository(database: database)
            let project = try await database.rowID("projects")
            var ids: [Int64] = []
            for config in Self.configs { ids.append(try await repository.create(config).id) }
            try await repository.assign(ids[0], toProject: project)
            try await repository.assign(ids[0], toProject: project)
            try await repository.assignOnly([ids[1], ids[2]], toProject: project)
            #expect(try await repository.configs(ofProjects: [project])[project]?.map(\.id) == [ids[1], ids[2]])
            try await repository.unassign(ids[2], fromProject: project)
            #expect(try await repository.remove(ids: ids).map(\.config) == Self.configs)
            #expect(try await repository.configs(ofProjects: [project]).isEmpty)
        }
    }
}
