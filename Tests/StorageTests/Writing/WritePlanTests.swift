import Domain
import TestSupport
import Testing

@testable import Storage

@Suite("Write plan")
struct WritePlanTests {
    private func prepared(_ spans: [TestSpan], project: Int64 = 1) -> PreparedSpans {
        let batch = TestSpan.batch(spans)
        return PreparedSpans(
            batch: batch, spans: batch.spans.indices, costs: batch.spans.map { _ in nil },
            projectIDs: batch.resources.map { _ in project }, resourceIDs: batch.resources.map { _ in 1 },
            projectNames: batch.resources.map { _ in "p" })
    }

    @Test("a span id is planned once, and the first one wins")
    func duplicates() {
        var first = TestSpan(trace: 1, id: 7, start: 10, end: 20)
        first.name = "first"
        var second = first
        second.name = "second"
        let plan = WritePlan(requests: [prepared([first, second]), prepared([second])])
        #expect(plan.spans.count == 1)
        #expect(plan.traces.first?.root.name == "first")
        #expect(plan.traces.first?.counts.spanCount == 1)
    }

    @Test("spans that are stored change nothing, nor do their traces")
    func stored() {
        let plan = WritePlan(
            requests: [
                prepared([TestSpan(trace: 1, id: 7, start: 0, end: 1), TestSpan(trace: 2, id: 8, start: 0, end: 1)])
            ],
            excluding: [SpanID(7)])
        #expect(plan.spans.count == 1)
        #expect(plan.traces.map(\.traceID) == [TraceID(high: 0, low: 2)])
    }

    @Test("traces are ordered by id and spans point to theirs")
    func order() {
        let spans = [9, 3, 5, 3].enumerated().map { TestSpan(trace: $1, id: UInt64($0 + 1), start: 0, end: 1) }
        let plan = WritePlan(requests: [prepared(spans)])
        #expect(plan.traces.map(\.traceID.low) == [3, 5, 9])
        #expect(plan.spans.map { plan.traces[$0.trace].traceID.low } == [9, 3, 5, 3])
    }

    @Test("the root is the parentless span that started first, whatever came first")
    func root() {
        var child = TestSpan(trace: 1, id: 1, parent: 9, start: 0, end: 5)
        child.name = "child"
        var late = TestSpan(trace: 1, id: 2, start: 20, end: 30)
        late.name = "late root"
        var early = TestSpan(trace: 1, id: 3, start: 10, end: 15)
        early.name = "early root"
        for spans in [[child, late, early], [early, late, child], [late, child, early]] {
            let plan = WritePlan(requests: [prepared(spans)])
            #expect(plan.traces[0].root.name == "early root")
            #expect(plan.traces[0].startTime == 0)
            #expect(plan.traces[0].endTime == 30)
        }
    }

    @Test("an absurd token count is cut, so that sums cannot overflow")
    func tokens() {
        var span = TestSpan(trace: 1, id: 1, start: 0, end: 1)
        span.kind = .llm
        span.promptTokens = .max
        span.completionTokens = -5
        let counts = prepared([span]).counts(ofSpan: 0)
        #expect(counts.promptTokens == 1_000_000_000)
        #expect(counts.completionTokens == 0)
    }
}
