import Foundation

/// A SQLite database's place in the file system.
final class SQLiteFile: Sendable {
    /// What SQLite opens.
    let path: String
    /// Made for `:memory:` and removed with all that is in it. A real in-memory database would belong to one connection,
    /// and readers could not run beside the writer.
    private let privateFolder: String?

    var isPrivate: Bool { privateFolder != nil }

    init(path: String) {
        guard path == ":memory:" || path.isEmpty else {
            self.path = path
            privateFolder = nil
            return
        }
        let template = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-XXXXXX").path
        var name = Array(template.utf8CString)
        let made = name.withUnsafeMutableBufferPointer { name in
            name.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        privateFolder = made
        self.path = (made ?? "/nonexistent") + "/database"
    }

    deinit {
        removeIfPrivate()
    }

    func removeIfPrivate() {
        guard let privateFolder else { return }
        try? FileManager.default.removeItem(atPath: privateFolder)
    }
}
