import Database
import FilterLanguage
import Storage
import TestSupport
import Testing

@Suite struct SpanSelectionTests {
    /// Ascending; without those that have nothing to be sorted by.
    static let sorts: [(SpanSelection.Sort, [Int64])] = [
        (.startTime, [1, 2, 3, 4, 5, 6, 7, 8]), (.latency, [8, 6, 4, 7, 2, 3, 1, 5]),
        (.endTime, [2, 4, 3, 1, 6, 5, 7, 8]), (.name, [1, 3, 5, 6, 7, 2, 4, 8]),
        (.tokens(.total), [1, 2, 4, 6, 7, 8, 5, 3]), (.tokens(.completion), [5, 3]),
        (.cumulativeTokens(.total), [2, 4, 6, 7, 8, 5, 1, 3]), (.cost, []),
        (.annotationScore("correctness"), [3, 5]), (.annotationLabel("quality check"), [1]),
    ]

    @Test func pagesInEveryOrderHaveNeitherGapNorRepetition() async throws {
        let fixture = try FilterFixture.read()
        try await withDatabases { database in
            try await fixture.store(in: database)
            let repository = SpanRepository(database: database)
            for (sort, order) in Self.sorts {
                for descending in [false, true] {
                    var selection = SpanSelection(projectID: 1000, limit: 3)
                    selection.sort = sort
                    selection.descending = descending
                    var ids: [Int64] = []
                    while case let page = try await repository.ids(selection), !page.isEmpty {
                        ids += page
                        selection.after = page.last
                    }
                    let missing = (1...8).filter { !order.contains($0) }
                    let expected = descending ? order.reversed() + missing.reversed() : order + missing
                    #expect(ids == expected, "\(sort) on \(database.dialect)")
                }
            }
        }
    }

    @Test func filterTimesAndRootsAllHold() async throws {
        let fixture = try FilterFixture.read()
        try await withDatabases { database in
            try await fixture.store(in: database)
            let repository = SpanRepository(database: database)
            var selection = SpanSelection(projectID: 1000, limit: 10)
            selection.descending = false
            selection.filter = try SpanFilter("status_code != 'OK'")
            #expect(try await repository.skeletons(selection).map(\.id) == [4, 5, 6, 7, 8])
            selection.startTime = fixture.start + 5_000_000_000
            selection.endTime = fixture.start + 86_400_000_000_000
            #expect(try await repository.ids(selection) == [5, 6, 7])
            #expect(try await repository.totals(selection).spanCount == 3)
            #expect(try await repository.totals(selection).promptTokens == 10)
            #expect(try await repository.latencyQuantile(selection, 0.5) == 50)
            #expect(try await repository.latencyQuantile(selection, 0.75) == 1525)
            selection.roots = .withoutReceivedParent
            #expect(try await repository.spans(selection).map(\.skeleton.id) == [5, 7])
            selection.roots = .withoutParent
            #expect(try await repository.ids(selection) == [5])
            selection.projectID = 1
            #expect(try await repository.ids(selection) == [])
            #expect(try await repository.latencyQuantile(selection, 0.5) == nil)
        }
    }

    @Test func filtersOfTracesAndSessionsChooseSpansAndTraces() async throws {
        let fixture = try FilterFixture.read()
        try await withDatabases { database in
            try await fixture.store(in: database)
            var spans = SpanSelection(projectID: 1000, limit: 10)
            spans.descending = false
            spans.traceFilter = try TraceFilter("any(s.span_kind == 'EMBEDDING' for s in spans)")
            #expect(try await SpanRepository(database: database).ids(spans) == [5, 6])
            spans.roots = .withoutParent
            #expect(try await SpanRepository(database: database).ids(spans) == [5])
            spans.sessionFilter = try SessionFilter("num_spans == 4")
            spans.traceFilter = nil
            #expect(try await SpanRepository(database: database).ids(spans) == [1])
            spans.roots = nil
            spans.sessionFilter = try SessionFilter("num_spans == 4")
            spans.filter = try SpanFilter("parent_span is None")
            #expect(try await SpanRepository(database: database).ids(spans) == [1])
            spans.filter = try SpanFilter("status_code == 'OK'")
            #expect(try await SpanRepository(database: database).ids(spans) == [1, 2, 3])
            var traces = TraceQuery(projectID: 1000, limit: 10)
            traces.filter = try TraceFilter("error_count == 1")
            #expect(try await TraceRepository(database: database).page(traces).map(\.id) == [2, 1])
            traces.sessionFilter = try SessionFilter("'refund' in any_input")
            #expect(try await TraceRepository(database: database).page(traces).map(\.id) == [1])
        }
    }

    @Test func aPageAfterADeletedSpanIsRefused() async throws {
        let fixture = try FilterFixture.read()
        try await withDatabases { database in
            try await fixture.store(in: database)
            var selection = SpanSelection(projectID: 1000, limit: 3)
            selection.after = 99
            await #expect(throws: MissingCursor.self) {
                _ = try await SpanRepository(database: database).ids(selection)
            }
        }
    }
}
