import Foundation
import ServiceRuntime

/// Where the database of `sqlite:///:memory:` lies, and where encrypted services have their local sockets: a folder that lives as long as the launcher, in the system's memory if
/// that has room. Four processes share it, which none of SQLite's own in-memory databases can do.
///
/// The launcher holds a lock on a file in it. The lock goes with the process, however it ends, so the next start can tell
/// what was left behind.
struct MemoryFolder {
    static let namePrefix = "bennu-memory-"
    private static let ownerFile = "owner"
    private static let systemMemory = "/dev/shm"
    /// Containers often have 64 MiB there, which is no place for a database.
    static let freeBytesMin: UInt64 = 512 << 20
    /// A folder without an owner's file may be one that is just being made.
    private static let youthSeconds = 60

    let path: String
    private let lock: Int32

    /// The folders in which there may be some: the first that suits is chosen for a new one.
    static var bases: [String] {
        [systemMemory, FileManager.default.temporaryDirectory.path].filter { access($0, W_OK | X_OK) == 0 }
    }

    static func make(
        in bases: [String] = bases, freeBytes: UInt64 = freeBytesMin
    ) throws(StartFailure) -> MemoryFolder {
        guard let base = bases.first(where: { hasRoom($0, freeBytes) }) ?? bases.last else {
            throw StartFailure("there is no folder for temporary files; set TMPDIR to one", .unavailable)
        }
        var template = Array("\(base)/\(namePrefix)XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made, let lock = takeLock("\(made)/\(ownerFile)", create: true) else {
            let reason = String(cString: strerror(errno))
            throw StartFailure("cannot make a temporary folder in \(base) (\(reason))", .unavailable)
        }
        return MemoryFolder(path: made, lock: lock)
    }

    var databaseURL: String { "sqlite:///\(path)/phoenix.db" }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
        close(lock)
    }

    /// Removes the folders of launchers that are no more.
    static func sweep(_ bases: [String] = bases) {
        for base in bases {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
            where name.hasPrefix(namePrefix) {
                removeIfAbandoned("\(base)/\(name)")
            }
        }
    }

    private static func removeIfAbandoned(_ folder: String) {
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
            return
        }
        let owner = "\(folder)/\(ownerFile)"
        guard access(owner, F_OK) == 0 else {
            if time(nil) - status.st_mtim.tv_sec > youthSeconds { try? FileManager.default.removeItem(atPath: folder) }
            return
        }
        guard let lock = takeLock(owner, create: false) else { return }
        try? FileManager.default.removeItem(atPath: folder)
        close(lock)
    }

    /// The descriptor that holds the lock; nil if another process has it.
    private static func takeLock(_ path: String, create: Bool) -> Int32? {
        let descriptor = open(path, (create ? O_CREAT : 0) | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func hasRoom(_ base: String, _ freeBytes: UInt64) -> Bool {
        var status = statvfs()
        guard statvfs(base, &status) == 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) >= freeBytes
    }
}
