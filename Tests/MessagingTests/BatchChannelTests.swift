import Testing

@testable import Messaging

@Suite
struct BatchChannelTests {
    @Test("A reader gets all that waits at once")
    func batches() async {
        let channel = BatchChannel<Int>(countMax: 10, overflow: .dropsOldest)
        channel.push([1])
        channel.push([2, 3])
        #expect(await channel.next() == [1, 2, 3])
    }

    @Test("A waiting reader is woken by the next batch")
    func wakes() async {
        let channel = BatchChannel<Int>(countMax: 10, overflow: .dropsOldest)
        async let batch = channel.next()
        channel.push([4, 5])
        #expect(await batch == [4, 5])
    }

    @Test("A full channel loses the oldest, or refuses the newest")
    func overflows() async {
        let dropping = BatchChannel<Int>(countMax: 3, overflow: .dropsOldest)
        #expect(dropping.push([1, 2]) == [])
        #expect(dropping.push([3, 4, 5]) == [1, 2])
        #expect(await dropping.next() == [3, 4, 5])
        let refusing = BatchChannel<Int>(countMax: 3, overflow: .refusesNewest)
        #expect(refusing.push([1, 2]) == [])
        #expect(refusing.push([3, 4, 5]) == [4, 5])
        #expect(await refusing.next() == [1, 2, 3])
    }

    @Test("A finished channel can be read to its end and takes nothing more")
    func finishes() async {
        let channel = BatchChannel<Int>(countMax: 3, overflow: .refusesNewest)
        channel.push([1])
        channel.finish()
        #expect(channel.push([2]) == [2])
        #expect(await channel.next() == [1])
        #expect(await channel.next() == nil)
    }

    @Test("A cancelled reader does not wait")
    func cancels() async {
        let channel = BatchChannel<Int>(countMax: 3, overflow: .refusesNewest)
        let reader = Task { await channel.next() }
        reader.cancel()
        #expect(await reader.value == nil)
    }
}
