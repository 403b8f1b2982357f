import Database
import Domain

extension SessionRepository {
    // Small enough for a removal's transaction to stay well below what writers wait for.
    private static let tracesAtOnce = 200

    /// Removes sessions with their traces and annotations, in transactions of a few hundred traces. A session is there
    /// until its last one. Returns how many sessions there were; ids that are not there are passed over.
    @discardableResult
    public func remove(_ sessionIDs: [String]) async throws -> Int {
        var removed = 0
        for id in Set(sessionIDs).sorted() {
            var wasThere = false
            while try await removeSome(id) { wasThere = true }
            removed += wasThere ? 1 : 0
        }
        return removed
    }

    private func removeSome(_ id: String) async throws -> Bool {
        try await database.write { connection in
            let traces = try connection.query(
                "SELECT trace_id FROM traces WHERE session_id = $1 ORDER BY trace_id LIMIT \(Self.tracesAtOnce)",
                [.text(id)]
            ).compactMap { TraceID(bytes: try $0.bytes(0)) }
            guard !traces.isEmpty else { return false }
            try TraceRemoval.removeTraces(traces, on: connection)
            return true
        }
    }

    /// The sessions' own ids by the numbers of their rows; those that are not there are left out.
    public func sessionIDs(ofRows ids: [Int64]) async throws -> [String] {
        try await database.read { connection in
            try ids.compactMap { id in
                try connection.query("SELECT session_id FROM project_sessions WHERE id = $1", [.integer(id)])
                    .first?.text(0)
            }
        }
    }
}
