import CSQLite

/// A database or its log as a writer has it open: what SQLite writes to it goes through `GatheredWrites`, and everything
/// else straight to the file of SQLite's own file system, which lies behind it in memory.
///
/// Used by one thread, that of its connection.
final class SQLiteGatheredFile {
    private let original: SQLiteFilePointer
    private var writes = GatheredWrites()
    /// Of a database: its log, while that is open.
    private weak var log: SQLiteGatheredFile?

    private init(_ original: SQLiteFilePointer) {
        self.original = original
    }

    /// Makes `file`, for which there is room, one of these, and opens what lies behind by `openOriginal`.
    /// Where it is a log, `database` is whose. Returns what `openOriginal` does.
    static func open(
        _ file: SQLiteFilePointer, logOf database: SQLiteFilePointer?, openOriginal: (SQLiteFilePointer) -> Int32
    ) -> Int32 {
        let original = behind(file)
        original.pointee.pMethods = nil
        file.pointee.pMethods = nil
        let code = openOriginal(original)
        // What has methods is closed by SQLite, even if it could not be opened.
        guard original.pointee.pMethods != nil else { return code }
        let opened = SQLiteGatheredFile(original)
        ours(file).pointee.object = Unmanaged.passRetained(opened).toOpaque()
        file.pointee.pMethods = UnsafePointer(methods)
        if let database { object(of: database).log = opened }
        return code
    }

    fileprivate func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) -> Int32 {
        writes.write(bytes, at: offset, put: put)
    }

    fileprivate func flush() -> Int32 { writes.flush(put: put) }

    fileprivate func settleWithLog() {
        writes.settle(put: put)
        if let log { log.writes.settle(put: log.put) }
    }

    fileprivate func close() -> Int32 {
        let flushed = flush()
        let closed = original.pointee.pMethods.pointee.xClose(original)
        return flushed == SQLITE_OK ? closed : flushed
    }

    private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int64) -> Int32 {
        original.pointee.pMethods.pointee.xWrite(original, bytes.baseAddress, Int32(bytes.count), offset)
    }

    // Written once, before the first file is opened, and only read by SQLite.
    nonisolated(unsafe) private static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: sqlite3_io_methods())
        // The second version is without files mapped into memory, which would not show what is gathered.
        methods.pointee.iVersion = 2
        setAccess(of: &methods.pointee)
        setLocks(of: &methods.pointee)
        return methods
    }()
}

typealias SQLiteFilePointer = UnsafeMutablePointer<sqlite3_file>

// MARK: - What SQLite calls

private func setAccess(of methods: inout sqlite3_io_methods) {
    methods.xClose = { file in reference(file).takeRetainedValue().close() }
    methods.xWrite = { file, bytes, count, offset in
        object(of: file).write(UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: offset)
    }
    methods.xRead = { file, bytes, count, offset in flushed(file) { $0.xRead($1, bytes, count, offset) } }
    methods.xTruncate = { file, size in flushed(file) { $0.xTruncate($1, size) } }
    methods.xSync = { file, flags in flushed(file) { $0.xSync($1, flags) } }
    methods.xFileSize = { file, size in flushed(file) { $0.xFileSize($1, size) } }
    methods.xFileControl = { file, operation, argument in flushed(file) { $0.xFileControl($1, operation, argument) } }
    methods.xSectorSize = { file in plainly(file) { $0.xSectorSize($1) } }
    methods.xDeviceCharacteristics = { file in plainly(file) { $0.xDeviceCharacteristics($1) } }
}

private func setLocks(of methods: inout sqlite3_io_methods) {
    methods.xLock = { file, level in plainly(file) { $0.xLock($1, level) } }
    methods.xUnlock = { file, level in settled(file) { $0.xUnlock($1, level) } }
    methods.xCheckReservedLock = { file, isHeld in plainly(file) { $0.xCheckReservedLock($1, isHeld) } }
    methods.xShmMap = { file, region, size, isToExtend, place in
        plainly(file) { $0.xShmMap($1, region, size, isToExtend, place) }
    }
    methods.xShmLock = { file, offset, count, flags in settled(file) { $0.xShmLock($1, offset, count, flags) } }
    methods.xShmBarrier = { file in plainly(file) { $0.xShmBarrier($1) } }
    methods.xShmUnmap = { file, isToDelete in plainly(file) { $0.xShmUnmap($1, isToDelete) } }
}

private func plainly<T>(_ file: SQLiteFilePointer?, _ call: (sqlite3_io_methods, SQLiteFilePointer) -> T) -> T {
    let original = behind(file!)
    return call(original.pointee.pMethods.pointee, original)
}

private func flushed(
    _ file: SQLiteFilePointer?, _ call: (sqlite3_io_methods, SQLiteFilePointer) -> Int32
) -> Int32 {
    let code = object(of: file).flush()
    return code == SQLITE_OK ? plainly(file, call) : code
}

/// For locks: others may write to the same places as soon as they have one.
private func settled(
    _ file: SQLiteFilePointer?, _ call: (sqlite3_io_methods, SQLiteFilePointer) -> Int32
) -> Int32 {
    object(of: file).settleWithLog()
    return plainly(file, call)
}

// MARK: - Where things lie

// SQLite calls a file's methods with that file, never without one.

private func ours(_ file: SQLiteFilePointer) -> UnsafeMutablePointer<bennu_sqlite3_file> {
    UnsafeMutableRawPointer(file).assumingMemoryBound(to: bennu_sqlite3_file.self)
}

private func behind(_ file: SQLiteFilePointer) -> SQLiteFilePointer {
    UnsafeMutableRawPointer(ours(file) + 1).assumingMemoryBound(to: sqlite3_file.self)
}

private func reference(_ file: SQLiteFilePointer?) -> Unmanaged<SQLiteGatheredFile> {
    Unmanaged.fromOpaque(ours(file!).pointee.object)
}

private func object(of file: SQLiteFilePointer?) -> SQLiteGatheredFile {
    reference(file).takeUnretainedValue()
}
