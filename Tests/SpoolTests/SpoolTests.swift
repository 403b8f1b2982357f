import Foundation
import Testing

@testable import Spool

@Suite("Spool")
struct SpoolTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bennu-spool-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func record(_ number: Int, count: Int = 10) -> SpoolRecord {
        SpoolRecord(
            encoding: number.isMultiple(of: 2) ? .protobuf : .json,
            project: number.isMultiple(of: 3) ? nil : "project \(number)",
            body: (0..<count).map { UInt8(truncatingIfNeeded: number &+ $0) })
    }

    /// Everything that the spool hands out until it is empty.
    private func drained(_ spool: Spool) async throws -> [SpoolRecord] {
        var records: [SpoolRecord] = []
        while !spool.isEmpty { try await spool.drainOldest { records += $0 } }
        return records
    }

    @Test("hands out what was appended, in order, and then is empty")
    func order() async throws {
        try await withFolder { folder in
            let spool = try Spool(root: folder, bytesMax: 1 << 20)
            for number in 0..<50 { try await spool.append(record(number)) }
            #expect(try await drained(spool) == (0..<50).map { record($0) })
            #expect(spool.bytesUsed == 0)
            #expect(try SpoolFiles.names(in: spool.directory) == ["lock"])
        }
    }

    @Test("what was acknowledged is there after the process is gone")
    func recovery() async throws {
        try await withFolder { folder in
            do {
                let spool = try Spool(root: folder, bytesMax: 1 << 20)
                for number in 0..<5 { try await spool.append(record(number)) }
            }
            let again = try Spool(root: folder, bytesMax: 1 << 20)
            try await again.append(record(5))
            #expect(try await drained(again) == (0...5).map { record($0) })
        }
    }

    @Test("a torn tail is cut wherever it tears, and what is whole stays")
    func tornTail() async throws {
        try await withFolder { folder in
            let path: String
            do {
                let spool = try Spool(root: folder, bytesMax: 1 << 20)
                for number in 0..<3 { try await spool.append(record(number)) }
                path = try spool.directory + "/" + #require(SpoolFiles.names(in: spool.directory).first)
            }
            let whole = try SpoolFiles.read(path)
            var ends = [SpoolFormat.magic.count]
            while let (_, next) = whole.withUnsafeBytes({ SpoolFormat.decode($0, at: ends[ends.count - 1]) }) {
                ends.append(next)
            }
            #expect(ends.count == 4)
            for count in 0...whole.count {
                let root = "\(folder)-torn"
                defer { try? FileManager.default.removeItem(atPath: root) }
                try FileManager.default.createDirectory(atPath: "\(root)/0", withIntermediateDirectories: true)
                try Data(whole.prefix(count)).write(to: URL(filePath: "\(root)/0/000000000001.spool"))
                let spool = try Spool(root: root, bytesMax: 1 << 20)
                let expected = ends.dropFirst().filter { $0 <= count }.count
                #expect(try await drained(spool) == (0..<expected).map { record($0) }, "cut at \(count)")
            }
        }
    }

    @Test("a flipped bit ends the segment before it")
    func flippedBit() async throws {
        try await withFolder { folder in
            let path: String
            do {
                let spool = try Spool(root: folder, bytesMax: 1 << 20)
                for number in 0..<3 { try await spool.append(record(number, count: 100)) }
                path = try spool.directory + "/" + #require(SpoolFiles.names(in: spool.directory).first)
            }
            var bytes = try SpoolFiles.read(path)
            bytes[150] ^= 0x10
            try Data(bytes).write(to: URL(filePath: path))
            #expect(try await drained(Spool(root: folder, bytesMax: 1 << 20)) == [record(0, count: 100)])
        }
    }

    @Test("it is bounded: beyond its bytes a record is refused and nothing is kept of it")
    func bound() async throws {
        try await withFolder { folder in
            let spool = try Spool(root: folder, bytesMax: 1000)
            try await spool.append(record(1, count: 400))
            try await spool.append(record(2, count: 400))
            await #expect(throws: SpoolError.full) { try await spool.append(record(3, count: 400)) }
            #expect(try await drained(spool).count == 2)
            try await spool.append(record(3, count: 400))
            #expect(try await drained(spool) == [record(3, count: 400)])
        }
    }

    @Test("a segment whose storing failed is handed out again from where that was")
    func failedDrain() async throws {
        struct Away: Error {}
        try await withFolder { folder in
            let spool = try Spool(root: folder, bytesMax: 1 << 20)
            for number in 0..<200 { try await spool.append(record(number)) }
            var stored: [SpoolRecord] = []
            await #expect(throws: Away.self) {
                try await spool.drainOldest { records in
                    guard stored.count < 100 else { throw Away() }
                    stored += records
                }
            }
            #expect((100..<200).contains(stored.count))
            #expect(try await stored + drained(spool) == (0..<200).map { record($0) })
        }
    }

    @Test("many appenders at once are all kept, each in its own order")
    func concurrent() async throws {
        try await withFolder { folder in
            let spool = try Spool(root: folder, bytesMax: 64 << 20)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        for number in 0..<25 {
                            try await spool.append(
                                SpoolRecord(encoding: .protobuf, project: "\(task)", body: [UInt8(number)]))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let records = try await drained(spool)
            for task in 0..<16 {
                #expect(records.filter { $0.project == "\(task)" }.map { $0.body[0] } == (0..<25).map { UInt8($0) })
            }
        }
    }

    @Test("two processes on one folder keep apart, and the second adopts what the first leaves")
    func sharing() async throws {
        try await withFolder { folder in
            var first: Spool? = try Spool(root: folder, bytesMax: 1 << 20)
            let second = try Spool(root: folder, bytesMax: 1 << 20)
            #expect(first?.directory != second.directory)
            try await first?.append(record(1))
            #expect(second.isEmpty)
            first = nil
            second.close()
            let third = try Spool(root: folder, bytesMax: 1 << 20)
            #expect(try await drained(third) == [record(1)])
        }
    }

    @Test("a record that is set aside is kept whole, beside the others and out of their way")
    func setAside() async throws {
        try await withFolder { folder in
            let spool = try Spool(root: folder, bytesMax: 1 << 20)
            let paths = [try await spool.setAside(record(1)), try await spool.setAside(record(2))]
            #expect(Set(paths).count == 2)
            let kept = try SpoolFiles.read(paths[0]).withUnsafeBytes {
                SpoolFormat.decode($0, at: SpoolFormat.magic.count)?.record
            }
            #expect(kept == record(1))
            #expect(spool.isEmpty)
            #expect(try Spool(root: folder, bytesMax: 1 << 20).isEmpty)
        }
    }

    @Test("closing refuses records and ends a waiting drain")
    func closing() async throws {
        try await withFolder { folder in
            let spool = try Spool(root: folder, bytesMax: 1 << 20)
            async let drain: Void = spool.drainOldest { _ in }
            spool.close()
            try await drain
            await #expect(throws: SpoolError.closed) { try await spool.append(record(1)) }
        }
    }

    @Test("a folder that cannot be written is an error at once")
    func unwritable() async throws {
        #expect(throws: SpoolError.self) { try Spool(root: "/proc/none", bytesMax: 1) }
    }
}
