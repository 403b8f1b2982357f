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

    /// -1 for a file that cannot be made; locking it fails.
    private static func open(_ path: String) -> Int32 {
        Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    }

    func takeAtOnce() -> Bool {
        guard lock(turn, LOCK_EX | LOCK_NB) else { return false }
        defer { flock(turn, LOCK_UN) }
        return lock(writer, LOCK_EX | LOCK_NB)
    }

    func take() {
        _ = lock(turn, LOCK_EX)
        defer { flock(turn, LOCK_UN) }
        _ = lock(writer, LOCK_EX)
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

    /// False if another has it. Where locks cannot be had (a file system without them) only the order is lost.
    private func lock(_ file: Int32, _ operation: Int32) -> Bool {
        while flock(file, operation) != 0 {
            guard errno == EINTR else { return errno != EWOULDBLOCK }
        }
        return true
    }
}
