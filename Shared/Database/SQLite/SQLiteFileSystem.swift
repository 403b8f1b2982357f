import CSQLite

/// SQLite's own file system, but that databases and logs are written in blocks (`SQLiteGatheredFile`).
///
/// It is for connections with `synchronous=FULL` alone. Those tell others of what they wrote only after xSync of its file,
/// and let others write only after xShmLock: by then all is where it would be without this. What is lost with a process
/// that dies had not been committed.
enum SQLiteFileSystem {
    /// For `sqlite3_open_v2`; nil, which names SQLite's own, where it cannot be had.
    static let name: String? = register() ? "\(ownName)" : nil

    private static let ownName: StaticString = "bennu"

    // Both are written once, before the first file is opened, and from then on only read.
    nonisolated(unsafe) private static let original = sqlite3_vfs_find(nil)
    nonisolated(unsafe) private static let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)

    private static func register() -> Bool {
        guard let original else { return false }
        // The functions that it inherits find in the copy what they look for in their own.
        system.initialize(to: original.pointee)
        system.pointee.pNext = nil
        system.pointee.zName = UnsafeRawPointer(ownName.utf8Start).assumingMemoryBound(to: CChar.self)
        system.pointee.szOsFile += Int32(MemoryLayout<bennu_sqlite3_file>.stride)
        system.pointee.xOpen = { _, name, file, flags, flagsGiven in
            SQLiteFileSystem.open(name, file, flags, flagsGiven)
        }
        return sqlite3_vfs_register(system, 0) == SQLITE_OK
    }

    private static func open(
        _ name: sqlite3_filename?, _ file: SQLiteFilePointer?, _ flags: Int32,
        _ flagsGiven: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let original, let file else { return SQLITE_CANTOPEN }
        func openOriginal(_ place: SQLiteFilePointer) -> Int32 {
            original.pointee.xOpen(original, name, place, flags, flagsGiven)
        }
        guard flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL) != 0 else { return openOriginal(file) }
        let isLog = flags & SQLITE_OPEN_WAL != 0
        return SQLiteGatheredFile.open(
            file, logOf: isLog ? sqlite3_database_file_object(name) : nil, openOriginal: openOriginal)
    }
}
