import Synchronization

/// Documents by their text, parsed, validated and measured, so that a client's fixed operations are so once. Bounded in
/// bytes; what was not used for longest goes first.
///
/// Only valid documents are kept: a text that is refused costs its sender the work again, and not others their place.
final class DocumentCache: Sendable {
    private struct Entry {
        var document: Document
        var lastUse: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var bytesUsed = 0
        var uses: UInt64 = 0
    }

    /// How many times its text a document is reckoned at: the tree is larger than what it was read from.
    private static let treeFactor = 12

    private let bytesMax: Int
    private let state = Mutex(State())

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    func document(_ text: String) -> Document? {
        state.withLock { state in
            state.uses += 1
            let uses = state.uses
            return state.entries[text].map { entry in
                state.entries[text]?.lastUse = uses
                return entry.document
            }
        }
    }

    func insert(_ document: Document, _ text: String) {
        let bytes = text.utf8.count * DocumentCache.treeFactor
        guard bytes <= bytesMax / 4 else { return }
        state.withLock { state in
            guard state.entries[text] == nil else { return }
            if state.bytesUsed + bytes > bytesMax { evict(&state) }
            state.uses += 1
            state.bytesUsed += bytes
            state.entries[text] = Entry(document: document, lastUse: state.uses)
        }
    }

    /// Makes half of the room free at once, so that sorting by use is rare.
    private func evict(_ state: inout State) {
        for (text, _) in state.entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard state.bytesUsed > bytesMax / 2 else { return }
            state.entries[text] = nil
            state.bytesUsed -= text.utf8.count * DocumentCache.treeFactor
        }
    }
}
