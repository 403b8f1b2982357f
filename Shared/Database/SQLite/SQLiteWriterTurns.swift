import Foundation

/// The queue of processes that want to write to one SQLite file.
///
/// SQLite itself has none: who finds the file locked sleeps and tries again, and one who is unlucky each time waits for
/// seconds. So writers first pass two advisory locks on files beside the database:
///
///     waiting, waiting, … → [turn: the next one] → [writer: the one that writes]
///
/// The next one holds `turn` until it gets `writer`. One that has just written must get back in line for `turn`, and so
/// cannot overtake the next one. The kernel drops a dead process's locks. What does not take part (another program)
/// only loses the order: SQLite's own lock still guards the file.
final class SQLiteWriterTurns {
    private var turn: Int32
    private var writer: Int32

    init(databasePath: String) {
        // Beside the file that a symbolic link leads to, as SQLite puts its log there too.
        let path = realpath(databasePath, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        turn = Self.open((path ?? databasePath) + "-turn")
        writer = Self.open((path ?? databasePath) + "-writer")
    }

    /// A file that cannot be made costs the order, not the function: -1 is never locked.
    private static func open(_ path: String) -> Int32 {
        Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    }

    func takeAtOnce() -> Bool {
        guard flock(turn, LOCK_EX | LOCK_NB) == 0 || errno == EBADF else { return false }
        defer { flock(turn, LOCK_UN) }
        return flock(writer, LOCK_EX | LOCK_NB) == 0 || errno == EBADF
    }

    func take() throws {
        try lock(turn)
        defer { flock(turn, LOCK_UN) }
        try lock(writer)
    }

    func end() {
        flock(writer, LOCK_UN)
    }

    func close() {
        Foundation.close(turn)
        Foundation.close(writer)
        // Their numbers may soon mean other files.
        (turn, writer) = (-1, -1)
    }

    private func lock(_ file: Int32) throws {
        while flock(file, LOCK_EX) != 0 {
            switch errno {
            case EINTR: continue
            case EBADF: return
            default: throw DatabaseError.unavailable("the writers' lock cannot be taken (error \(errno))")
            }
        }
    }
}
