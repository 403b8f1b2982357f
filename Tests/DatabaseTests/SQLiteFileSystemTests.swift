import CSQLite
import Database
import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

@Suite("SQLite's files, written in blocks")
struct SQLiteFileSystemTests {
    private struct Refusal: Error {}

    /// What the table should hold: each row's content by its id.
    private typealias Rows = [Int64: [UInt8]]

    // With so little cache that transactions are written out before they end.
    @Test("two writers that give up some of their transactions leave what they committed, and nothing else")
    func writersByTurns() async throws {
        var generator = SeededGenerator(seed: TestSeed.value)
        try await withDatabaseLocation(.sqlite) { location in
            var rows: Rows = [:]
            try await withWriters(location) { writers in
                for _ in 0..<60 {
                    let changes = randomChanges(&generator)
                    let isGivenUp = Int.random(in: 0..<3, using: &generator) == 0
                    try await write(
                        changes, on: writers[Int.random(in: 0...1, using: &generator)], isGivenUp: isGivenUp)
                    if !isGivenUp { rows.merge(changes) { $1 } }
                    for reader in writers { #expect(try await content(of: reader) == rows) }
                }
            }
            try await withWriters(location) { writers in
                let kept = try await content(of: writers[1])
                #expect(kept == rows)
            }
        }
    }

    // In a log that begins anew, nothing is read between the last that is gathered of what is given up and its end.
    @Test("what a writer has given up does not come over what another commits in its place")
    func givenUp() async throws {
        try await withDatabaseLocation(.sqlite) { location in
            for blocks in 1...12 {
                try await withWriters(location) { writers in
                    let given = Array(repeating: UInt8(1), count: blocks * 40_000)
                    try await write([1: given], on: writers[0], isGivenUp: true)
                    let kept = Array(repeating: UInt8(2), count: blocks * 40_000)
                    try await write([1: kept], on: writers[1], isGivenUp: false)
                    try await write([2: [3]], on: writers[0], isGivenUp: false)
                    for reader in writers { #expect(try await content(of: reader) == [1: kept, 2: [3]]) }
                }
            }
        }
    }

    @Test("a commit is in the log's file when it returns, for whoever reads it there")
    func commitIsInTheFile() async throws {
        try await withDatabaseLocation(.sqlite) { location in
            guard case .sqlite(let path) = location else { return }
            try await withWriters(location) { writers in
                for id: Int64 in 0..<20 {
                    let marker = Array("marker \(id) \(UUID().uuidString)".utf8)
                    try await write([id: marker], on: writers[0], isGivenUp: false)
                    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
                    #expect(log.range(of: Data(marker)) != nil)
                }
            }
        }
    }

    @Test("a commit whose bytes do not fit on the disk fails, and leaves no trace")
    func fullDisk() async throws {
        try await withDatabaseLocation(.sqlite) { location in
            guard case .sqlite(let path) = location else { return }
            try await withWriters(location) { writers in
                // At different places in the log, of which some are ends of blocks.
                var kept: Rows = [:]
                for (id, count) in [(1, 100), (2, 100), (3, 200_000), (4, 100), (5, 100)] as [(Int64, Int)] {
                    let lost = Array(repeating: UInt8(1), count: count)
                    await FullDisk.shared.withFull(path) {
                        await #expect(throws: DatabaseError.diskFull) {
                            try await write([id: lost], on: writers[0], isGivenUp: false)
                        }
                    }
                    for reader in writers { #expect(try await content(of: reader) == kept) }
                    kept[id] = [2]
                    try await write([id: [2]], on: writers[Int(id) % 2], isGivenUp: false)
                    for reader in writers { #expect(try await content(of: reader) == kept) }
                }
            }
        }
    }

    private func randomChanges(_ generator: inout SeededGenerator) -> Rows {
        var changes: Rows = [:]
        let isOfLargeOnes = Bool.random(using: &generator)
        for _ in 0..<Int.random(in: 1...(isOfLargeOnes ? 4 : 60), using: &generator) {
            changes[Int64.random(in: 0..<200, using: &generator)] = Array(
                repeating: UInt8.random(in: 0...255, using: &generator),
                count: Int.random(in: 0...(isOfLargeOnes ? 500_000 : 20_000), using: &generator))
        }
        return changes
    }

    /// Two that have the same database open; it is whole afterwards.
    private func withWriters(_ location: DatabaseLocation, _ body: ([Database]) async throws -> Void) async throws {
        let writers = (0..<2).map { _ in Database(location, logger: Logger(label: "tests")) }
        try await writers[0].write {
            _ = try $0.execute("CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, content BLOB NOT NULL)")
        }
        try await body(writers)
        let check = try await writers[1].read { try $0.query("PRAGMA integrity_check").map { try $0.text(0) } }
        #expect(check == ["ok"])
        for writer in writers { await writer.close() }
    }

    private func write(_ changes: Rows, on database: Database, isGivenUp: Bool) async throws {
        do {
            try await database.write { connection in
                _ = try connection.query("PRAGMA cache_size = 10")
                for (id, content) in changes {
                    let sql =
                        "INSERT INTO rows (id, content) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET content = $2"
                    _ = try connection.execute(sql, [.integer(id), .bytes(content)])
                }
                if isGivenUp { throw Refusal() }
            }
        } catch is Refusal {}
    }

    private func content(of database: Database) async throws -> Rows {
        try await database.read { connection in
            var rows: Rows = [:]
            for row in try connection.query("SELECT id, content FROM rows") {
                rows[try row.integer(0)] = try row.bytes(1)
            }
            return rows
        }
    }
}

/// Stands between SQLite and the kernel, and finds no room for a file when it is told so.
private final class FullDisk: Sendable {
    static let shared = FullDisk()

    private let path = Mutex<String?>(nil)

    private init() {
        guard let system = sqlite3_vfs_find(nil) else { return }
        for name in ["pwrite", "pwrite64"] {
            let hook: @convention(c) (Int32, UnsafeRawPointer?, Int, Int) -> Int = { file, bytes, count, offset in
                guard FullDisk.shared.isFull(for: file) else { return Foundation.pwrite(file, bytes, count, offset) }
                errno = ENOSPC
                return -1
            }
            _ = system.pointee.xSetSystemCall(system, name, unsafeBitCast(hook, to: sqlite3_syscall_ptr.self))
        }
    }

    /// While `body` runs, nothing can be added to the database at `path`.
    func withFull(_ path: String, _ body: () async -> Void) async {
        self.path.withLock { $0 = path }
        await body()
        self.path.withLock { $0 = nil }
    }

    private func isFull(for file: Int32) -> Bool {
        guard let path = path.withLock({ $0 }) else { return false }
        let name = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(file)")
        return name?.hasPrefix(path) ?? false
    }
}
