import Domain
import Identity
import Storage
import Synchronization

/// Remembers for a while whom credentials stand for, so that most requests ask no database. Holds at most
/// `entriesMax`, of which the oldest go first.
final class CredentialCache: Sendable {
    private struct Entry {
        var owner: CredentialOwner
        var until: ContinuousClock.Instant
    }

    private struct State {
        var entries: [TokenID: Entry] = [:]
        /// Counts what was dropped, so that nothing is remembered that was read before.
        var generation = 0
    }

    private let life: Duration
    private let entriesMax: Int
    private let state = Mutex(State())

    /// - Parameter life: how long something is remembered, if no message says that it has changed.
    init(life: Duration, entriesMax: Int = 20_000) {
        self.life = life
        self.entriesMax = entriesMax
    }

    func owner(_ id: TokenID) -> CredentialOwner? {
        state.withLock { state in
            guard let entry = state.entries[id] else { return nil }
            guard entry.until > .now else {
                state.entries[id] = nil
                return nil
            }
            return entry.owner
        }
    }

    /// To be taken before the database is asked, and given back with its answer.
    var generation: Int { state.withLock { $0.generation } }

    /// Remembers an answer, unless something was dropped while it was on its way.
    func remember(_ owner: CredentialOwner, for id: TokenID, generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.entries.count >= entriesMax { Self.makeRoom(&state) }
            state.entries[id] = Entry(owner: owner, until: .now + life)
        }
    }

    func drop(where isGone: (TokenID, CredentialOwner) -> Bool) {
        state.withLock { state in
            state.generation += 1
            state.entries = state.entries.filter { !isGone($0.key, $0.value.owner) }
        }
    }

    /// A quarter at once, so that a full cache does not sort at every entry.
    private static func makeRoom(_ state: inout State) {
        let kept = state.entries.sorted { $0.value.until > $1.value.until }.prefix(state.entries.count * 3 / 4)
        state.entries = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
