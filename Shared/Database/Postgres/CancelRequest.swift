import CPostgres
import Foundation
import Synchronization

/// What it takes to ask a server to cancel a statement: a connection of its own.
// Unchecked: libpq made the handle to be used from another thread, and only one thread does.
final class CancelRequest: @unchecked Sendable {
    private let handle: OpaquePointer
    private let done = Atomic(false)

    init?(_ connection: OpaquePointer) {
        guard let handle = PQgetCancel(connection) else { return nil }
        self.handle = handle
    }

    deinit {
        PQfreeCancel(handle)
    }

    /// The server has taken note, or cannot be reached.
    var isDone: Bool { done.load(ordering: .acquiring) }

    /// On a thread of its own, since libpq blocks here for as long as the network likes.
    func sendInBackground() {
        Thread.detachNewThread {
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { reason in
                _ = PQcancel(self.handle, reason.baseAddress, Int32(reason.count))
            }
            self.done.store(true, ordering: .releasing)
        }
    }
}
