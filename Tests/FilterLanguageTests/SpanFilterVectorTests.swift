import FilterLanguage
import TestSupport
import Testing

@Suite struct SpanFilterVectorTests {
    @Test func everyFilterFindsTheSameSpansOnBothDatabases() async throws {
        let fixture = try FilterFixture.read()
        #expect(fixture.filters.count >= 94)
        try await withDatabases { database in
            try await fixture.store(in: database)
            for vector in fixture.filters {
                guard let expected = vector.matches else {
                    #expect(throws: FilterError.self, "\(vector.filter)") { try SpanFilter(vector.filter) }
                    continue
                }
                let matches = try await database.spans(matching: SpanFilter(vector.filter))
                #expect(matches == expected, "\(vector.filter) on \(database.dialect)")
            }
        }
    }
}
