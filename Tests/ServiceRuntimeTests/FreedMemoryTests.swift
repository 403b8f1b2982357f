import Foundation
import Observability
import Testing

@testable import ServiceRuntime

@Suite struct FreedMemoryTests {
    @Test(.enabled(if: ProcessMetrics.residentBytes().isFinite)) func whatWasFreedGoesBackToTheSystem() {
        // Pieces that are too small to be mapped one by one, of which some stay between the others.
        let pieces = (0..<4096).map { _ in
            let piece = UnsafeMutableRawPointer.allocate(byteCount: 65_536, alignment: 16)
            memset(piece, 1, 65_536)
            return piece
        }
        let before = ProcessMetrics.residentBytes()
        for (index, piece) in pieces.enumerated() where index % 16 != 0 { piece.deallocate() }
        defer { for (index, piece) in pieces.enumerated() where index % 16 == 0 { piece.deallocate() } }
        FreedMemory.giveBack()
        // Half of it: other tests run meanwhile.
        #expect(before - ProcessMetrics.residentBytes() > Double(128 << 20))
    }

    @Test func itIsLookedForAtOnceWhereTheProcessHasGrown() {
        var schedule = FreedMemory.Schedule()
        let quiet = Double(50 << 20)
        for _ in 0..<10 where schedule.isDue(resident: quiet) { schedule.gaveBack(before: quiet, after: quiet) }
        let isDueBefore = schedule.isDue(resident: quiet + FreedMemory.Schedule.growthBytes)
        let isDueThen = schedule.isDue(resident: quiet + FreedMemory.Schedule.growthBytes + 1)
        #expect(!isDueBefore)
        #expect(isDueThen)
    }

    @Test func whereNothingIsWonItIsLookedForEverMoreSeldom() {
        var schedule = FreedMemory.Schedule()
        var due: [Int] = []
        for tick in 1...35 where schedule.isDue(resident: 0) {
            due.append(tick)
            schedule.gaveBack(before: 0, after: 0)
        }
        #expect(due == [1, 3, 7, 15, 23, 31])
    }

    @Test func whereMuchIsWonItIsLookedForSoonAgain() {
        var schedule = FreedMemory.Schedule()
        while !schedule.isDue(resident: 0) {}
        schedule.gaveBack(before: FreedMemory.Schedule.worthwhileBytes, after: 0)
        let isDue = schedule.isDue(resident: 0)
        #expect(isDue)
    }
}
