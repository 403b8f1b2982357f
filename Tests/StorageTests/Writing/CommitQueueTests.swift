import Testing

@testable import Storage

@Suite("Commit queue")
struct CommitQueueTests {
    private func queue(bytes: Int = 100, groupBytes: Int = 50, groupSpans: Int = 10) -> CommitQueue<Int> {
        CommitQueue(limits: .init(queueBytesMax: bytes, groupBytesMax: groupBytes, groupSpansMax: groupSpans))
    }

    @Test("a group takes what waits, oldest first, up to its bounds")
    func groups() {
        var queue = queue()
        for element in 1...5 { #expect(queue.enqueue(element, bytes: 20, spans: 1) == .accepted) }
        #expect(queue.takeGroup()?.elements == [1, 2])
        #expect(queue.takeGroup()?.elements == [3, 4])
        #expect(queue.takeGroup()?.elements == [5])
        #expect(queue.takeGroup() == nil)
    }

    @Test("a group ends before the span that would be too many")
    func spanBound() {
        var queue = queue()
        for element in 1...3 { _ = queue.enqueue(element, bytes: 1, spans: 5) }
        #expect(queue.takeGroup()?.elements == [1, 2])
        #expect(queue.takeGroup()?.elements == [3])
    }

    @Test("a request larger than a group goes alone")
    func largeRequest() {
        var queue = queue()
        _ = queue.enqueue(1, bytes: 10, spans: 1)
        _ = queue.enqueue(2, bytes: 60, spans: 100)
        _ = queue.enqueue(3, bytes: 10, spans: 1)
        #expect(queue.takeGroup()?.elements == [1])
        #expect(queue.takeGroup()?.elements == [2])
        #expect(queue.takeGroup()?.elements == [3])
    }

    @Test("bytes being written count until they are finished")
    func bytesInFlight() throws {
        var queue = queue()
        #expect(queue.enqueue(1, bytes: 100, spans: 1) == .accepted)
        let taken = queue.takeGroup()
        let group = try #require(taken)
        #expect(queue.enqueue(2, bytes: 1, spans: 1) == .refusedFull)
        queue.finished(group)
        #expect(queue.enqueue(2, bytes: 1, spans: 1) == .accepted)
    }

    @Test("a request larger than the whole queue is taken when nothing else is held")
    func oversized() {
        var queue = queue()
        #expect(queue.enqueue(1, bytes: 1000, spans: 1) == .accepted)
        #expect(queue.enqueue(2, bytes: 1, spans: 1) == .refusedFull)
    }

    @Test("a closed queue admits nothing and hands out what waits")
    func closing() {
        var queue = queue()
        _ = queue.enqueue(1, bytes: 1, spans: 1)
        queue.close()
        #expect(queue.enqueue(2, bytes: 1, spans: 1) == .refusedClosed)
        #expect(queue.takeGroup()?.elements == [1])
        #expect(queue.isEmpty)
    }

    @Test("thousands of requests come out in order")
    func order() {
        var queue = queue(bytes: 1_000_000)
        var taken: [Int] = []
        for element in 0..<5000 {
            _ = queue.enqueue(element, bytes: 1, spans: 3)
            if element.isMultiple(of: 7), let group = queue.takeGroup() {
                taken += group.elements
                queue.finished(group)
            }
        }
        while let group = queue.takeGroup() {
            taken += group.elements
            queue.finished(group)
        }
        #expect(taken == Array(0..<5000))
        #expect(queue.bytesHeld == 0)
    }
}
