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

    @Test("what is admitted follows the pace, between a whole group and the limit")
    func pace() throws {
        var queue = queue(bytes: 100, groupBytes: 50)
        queue.admit(below: 1)
        #expect(queue.bytesWanted == 50)
        #expect(queue.enqueue(1, bytes: 50, spans: 1) == .accepted)
        #expect(queue.enqueue(2, bytes: 1, spans: 1) == .refusedFull)
        queue.admit(below: 1000)
        #expect(queue.bytesWanted == 100)
        #expect(queue.enqueue(2, bytes: 50, spans: 1) == .accepted)
        #expect(queue.enqueue(3, bytes: 1, spans: 1) == .refusedFull)
    }

    @Test("a request larger than what the pace admits is taken beside others, within the limit")
    func largeAtSlowPace() {
        var queue = queue(bytes: 100, groupBytes: 50)
        queue.admit(below: 50)
        #expect(queue.enqueue(1, bytes: 30, spans: 1) == .accepted)
        #expect(queue.enqueue(2, bytes: 71, spans: 1) == .refusedFull)
        #expect(queue.enqueue(2, bytes: 70, spans: 1) == .accepted)
        #expect(queue.enqueue(3, bytes: 1, spans: 1) == .refusedFull)
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

@Suite("Commit queue between senders")
struct CommitQueueSharingTests {
    private typealias Origin = CommitQueue<String>.Origin

    private func queue(bytes: Int = 1000, groupSpans: Int = 1) -> CommitQueue<String> {
        CommitQueue(limits: .init(queueBytesMax: bytes, groupBytesMax: 1000, groupSpansMax: groupSpans))
    }

    @Test("a sender that queues much does not delay one that queues little")
    func turns() {
        var queue = queue()
        for number in 1...5 {
            _ = queue.enqueue("big\(number)", from: Origin(sender: "big"), bytes: 50, spans: 1)
        }
        _ = queue.enqueue("small1", from: Origin(sender: "small"), bytes: 10, spans: 1)
        _ = queue.enqueue("small2", from: Origin(sender: "small"), bytes: 10, spans: 1)
        let order = (0..<7).compactMap { _ in queue.takeGroup()?.elements.first }
        #expect(order == ["small1", "small2", "big1", "big2", "big3", "big4", "big5"])
    }

    @Test("who was idle gets no turns for the time in which he sent nothing")
    func idling() {
        var queue = queue()
        for number in 1...4 { _ = queue.enqueue("a\(number)", from: Origin(sender: "a"), bytes: 10, spans: 1) }
        _ = queue.takeGroup()
        _ = queue.takeGroup()
        for number in 1...4 { _ = queue.enqueue("b\(number)", from: Origin(sender: "b"), bytes: 10, spans: 1) }
        let order = (0..<6).compactMap { _ in queue.takeGroup()?.elements.first }
        #expect(order == ["a3", "b1", "a4", "b2", "b3", "b4"])
    }

    @Test("a sender gets what is free and no more, and the next one finds room")
    func shares() throws {
        var queue = queue(bytes: 100)
        #expect(queue.enqueue("a", from: Origin(sender: "a"), bytes: 40, spans: 1) == .accepted)
        #expect(queue.enqueue("b", from: Origin(sender: "a"), bytes: 40, spans: 1) == .refusedOverShare)
        #expect(queue.enqueue("c", from: Origin(sender: "b"), bytes: 40, spans: 1) == .accepted)
        #expect(queue.enqueue("d", from: Origin(sender: "c"), bytes: 40, spans: 1) == .refusedFull)
        let group = queue.takeGroup()
        queue.finished(try #require(group))
        #expect(queue.bytesHeld == 40)
        #expect(queue.enqueue("e", from: Origin(sender: "a"), bytes: 60, spans: 1) == .accepted)
    }

    @Test("who looks before queueing hears what queueing would say, and takes nothing")
    func looking() {
        var queue = queue(bytes: 100)
        _ = queue.enqueue("a", from: Origin(sender: "a"), bytes: 40, spans: 1)
        #expect(queue.look(from: "a", bytes: 40) == .refusedOverShare)
        #expect(queue.look(from: "b", bytes: 60) == .accepted)
        #expect(queue.look(from: "b", bytes: 61) == .refusedFull)
        #expect(queue.bytesHeld == 40)
        queue.close()
        #expect(queue.look(from: "b", bytes: 1) == .refusedClosed)
    }

    @Test("senders of one project share what a project may hold")
    func projects() {
        var queue = queue(bytes: 100)
        #expect(queue.enqueue("a", from: Origin(sender: "a", project: "p"), bytes: 40, spans: 1) == .accepted)
        #expect(queue.enqueue("b", from: Origin(sender: "b", project: "p"), bytes: 40, spans: 1) == .refusedOverShare)
        #expect(queue.enqueue("c", from: Origin(sender: "b", project: "q"), bytes: 40, spans: 1) == .accepted)
    }

    @Test("after any run of requests all room is free again")
    func emptiness() {
        var queue = queue(bytes: 10_000, groupSpans: 7)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let origin = Origin(
                sender: "\(Int.random(in: 0..<5, using: &generator))", project: "\(Int.random(in: 0..<3))")
            _ = queue.enqueue("x", from: origin, bytes: .random(in: 1...300, using: &generator), spans: 1)
            if Bool.random(), let group = queue.takeGroup() { queue.finished(group) }
        }
        while let group = queue.takeGroup() { queue.finished(group) }
        #expect(queue.bytesHeld == 0)
        #expect(queue.enqueue("all", from: Origin(sender: "z"), bytes: 10_000, spans: 1) == .accepted)
    }
}
