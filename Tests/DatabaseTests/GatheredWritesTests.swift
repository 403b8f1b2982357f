import TestSupport
import Testing

@testable import Database

@Suite("Writes that are gathered")
struct GatheredWritesTests {
    /// A file that can fail: what was put into it, and where.
    private final class File {
        var bytes: [UInt8] = []
        var puts: [Range<Int64>] = []
        var failure: Int32 = 0

        func put(_ written: UnsafeRawBufferPointer, at offset: Int64) -> Int32 {
            guard failure == 0 else { return failure }
            puts.append(offset..<offset + Int64(written.count))
            let end = Int(offset) + written.count
            if bytes.count < end { bytes += repeatElement(0, count: end - bytes.count) }
            bytes.replaceSubrange(Int(offset)..<end, with: written)
            return 0
        }
    }

    private func write(
        _ bytes: [UInt8], at offset: Int64, through writes: inout GatheredWrites, to file: File
    ) -> Int32 {
        bytes.withUnsafeBytes { writes.write($0, at: offset, put: file.put) }
    }

    @Test("what follows one another is put into the file in whole blocks")
    func wholeBlocks() {
        let file = File()
        var writes = GatheredWrites()
        for index in 0..<40 {
            #expect(
                write(Array(repeating: 1, count: 24), at: Int64(32 + index * 16_408), through: &writes, to: file) == 0)
            #expect(
                write(Array(repeating: 2, count: 16_384), at: Int64(56 + index * 16_408), through: &writes, to: file)
                    == 0)
        }
        #expect(writes.flush(put: file.put) == 0)
        let blocks = file.puts.dropFirst().dropLast()
        #expect(file.puts.first == 32..<65_536)
        #expect(blocks.allSatisfy { $0.lowerBound % 65_536 == 0 && $0.count == 65_536 })
        #expect(file.bytes.count == 32 + 40 * 16_408 && file.puts.count == 11)
    }

    @Test("a file is the same as without it, whatever is written in whatever order")
    func sameAsWithout() {
        var generator = SeededGenerator(seed: TestSeed.value)
        for _ in 0..<5 {
            let (file, plain) = (File(), File())
            var writes = GatheredWrites()
            var end: Int64 = 0
            for _ in 0..<200 {
                let offset = Bool.random(using: &generator) ? end : Int64.random(in: 0...300_000, using: &generator)
                let count = Int.random(in: 0...(Bool.random(using: &generator) ? 100 : 150_000), using: &generator)
                let bytes = Array(repeating: UInt8.random(in: 1...255, using: &generator), count: count)
                end = offset + Int64(count)
                _ = bytes.withUnsafeBytes { plain.put($0, at: offset) }
                #expect(write(bytes, at: offset, through: &writes, to: file) == 0)
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    #expect(writes.flush(put: file.put) == 0)
                    #expect(file.bytes == plain.bytes)
                }
            }
            #expect(writes.flush(put: file.put) == 0)
            #expect(file.bytes == plain.bytes)
        }
    }

    @Test("once bytes are lost every write and flush fails, until it is settled that they are not missed")
    func failure() {
        let file = File()
        var writes = GatheredWrites()
        #expect(write([1, 2, 3], at: 0, through: &writes, to: file) == 0)
        file.failure = 13
        #expect(writes.flush(put: file.put) == 13)
        file.failure = 0
        #expect(write([4], at: 3, through: &writes, to: file) == 13)
        #expect(writes.flush(put: file.put) == 13)
        #expect(file.bytes.isEmpty)
        writes.settle(put: file.put)
        #expect(write([5], at: 0, through: &writes, to: file) == 0)
        #expect(writes.flush(put: file.put) == 0)
        #expect(file.bytes == [5])
    }

    @Test("a write elsewhere fails where what was gathered cannot be written")
    func failureElsewhere() {
        let file = File()
        var writes = GatheredWrites()
        #expect(write([1], at: 0, through: &writes, to: file) == 0)
        file.failure = 13
        #expect(write([2], at: 100, through: &writes, to: file) == 13)
    }
}
