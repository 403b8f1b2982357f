import Crypto
import Database
import Domain
import Synchronization

/// The ids of resources (what sent a span, by OTLP's resource and scope), each kept once however many spans share it.
final class ResourceDirectory: Sendable {
    private static let entriesMax = 10_000

    private let database: Database
    private let ids = Mutex<[ArraySlice<UInt8>: Int64]>([:])

    init(database: Database) {
        self.database = database
    }

    /// The ids of the batch's resources, in their order, made where they are missing.
    func ids(of batch: SpanBatch) async throws -> [Int64] {
        let contents = batch.resources.map { batch.bytes[$0.json.range] }
        let known = ids.withLock { ids in contents.map { ids[$0] } }
        let missing = Set(zip(contents, known).compactMap { $1 == nil ? $0 : nil }).map(Array.init)
        guard !missing.isEmpty else { return known.compactMap { $0 } }
        let found = try await database.write { connection in
            try Self.ensure(missing, on: connection)
        }
        let all = ids.withLock { ids in
            if ids.count + found.count > Self.entriesMax { ids.removeAll() }
            for (content, id) in zip(missing, found) { ids[content[...]] = id }
            return contents.map { ids[$0] }
        }
        // Emptied in between by another request: what was found for this one still stands.
        return zip(contents, zip(all, known)).compactMap { content, ids in
            ids.0 ?? ids.1 ?? missing.firstIndex { $0[...] == content }.map { found[$0] }
        }
    }

    private static func ensure(_ contents: [[UInt8]], on connection: DatabaseConnection) throws -> [Int64] {
        let rows = contents.map { (hash: Array(SHA256.hash(data: $0).prefix(16)), content: $0) }
        // Ordered by key, so that two requests with the same new resources do not wait for each other in a circle.
        for row in rows.sorted(by: { $0.hash.lexicographicallyPrecedes($1.hash) }) {
            try connection.execute(
                "INSERT INTO resources (hash, content) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
                [.bytes(row.hash), .text(String(decoding: row.content, as: UTF8.self))])
        }
        return try rows.map { row in
            let found = try connection.query("SELECT id FROM resources WHERE hash = $1", [.bytes(row.hash)])
            guard let id = try found.first?.integer(0) else {
                throw DatabaseError.failed(sqlState: "XX000", message: "no row came back for a resource")
            }
            return id
        }
    }
}
