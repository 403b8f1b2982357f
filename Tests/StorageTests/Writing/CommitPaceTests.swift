import Testing

@testable import Storage

@Suite("Commit pace")
struct CommitPaceTests {
    private let large = CommitPace.groupBytesMin

    @Test("nothing is known before a group of size was written")
    func unknown() {
        var pace = CommitPace()
        #expect(pace.bytes(in: .seconds(1)) == nil)
        pace.committed(bytes: large - 1, in: .milliseconds(1), writers: 1)
        #expect(pace.bytes(in: .seconds(1)) == nil)
    }

    @Test("writers that write at the same time add up")
    func writers() {
        var pace = CommitPace()
        pace.committed(bytes: large, in: .milliseconds(500), writers: 2)
        #expect(pace.bytes(in: .seconds(1)) == 4 * large)
        #expect(pace.bytes(in: .milliseconds(250)) == large)
    }

    @Test("a database that becomes slow, or fast again, is believed after a few groups and not after one")
    func change() throws {
        var pace = CommitPace()
        pace.committed(bytes: large, in: .milliseconds(100), writers: 1)
        pace.committed(bytes: large, in: .seconds(10), writers: 1)
        let once = try #require(pace.bytes(in: .seconds(1)))
        #expect(once > 7 * large)
        for _ in 0..<20 { pace.committed(bytes: large, in: .seconds(10), writers: 1) }
        let slow = try #require(pace.bytes(in: .seconds(1)))
        #expect(slow < large)
        for _ in 0..<5 { pace.committed(bytes: large, in: .milliseconds(100), writers: 1) }
        let fast = try #require(pace.bytes(in: .seconds(1)))
        #expect(fast > 6 * large)
    }
}
