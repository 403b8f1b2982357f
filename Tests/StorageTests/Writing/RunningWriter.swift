@testable import Storage

extension SpanWriter {
    /// Lets the writer run while `body` does, and has it write what it still holds afterwards.
    func whileRunning(_ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.run() }
            do {
                try await body()
            } catch {
                stop()
                throw error
            }
            stop()
            try await group.waitForAll()
        }
    }
}
