import Testing

@testable import Storage

@Suite("How fast spans arrive")
struct ArrivalRateTests {
    @Test("it is counted by the rows of a quarter of a second or more, whether or not they have been indexed")
    func rate() {
        var rate = ArrivalRate()
        let start = ContinuousClock.now
        rate.see(newestRow: 1000, at: start)
        #expect(rate.perSecond > 0)
        rate.see(newestRow: 2600, at: start + .milliseconds(200))
        rate.see(newestRow: 5000, at: start + .milliseconds(500))
        #expect(rate.perSecond == 8000)
        rate.see(newestRow: 5000, at: start + .seconds(3))
        #expect(rate.perSecond == 0)
        // Rows were deleted, and their numbers given anew.
        rate.see(newestRow: 500, at: start + .seconds(4))
        #expect(rate.perSecond == 0)
    }
}
