#if canImport(Glibc)
    import Glibc
#endif

/// Why a record was not kept. Nothing was acknowledged.
public enum SpoolError: Error, Equatable {
    /// The spool holds as many bytes as it may.
    case full
    /// The file system refused; `code` is `errno`.
    case failed(operation: String, code: Int32)
    /// It was closed.
    case closed
}

/// The few system calls that the spool needs, each with its error.
enum SpoolFiles {
    static func check(_ result: Int32, _ operation: String) throws {
        guard result >= 0 else { throw SpoolError.failed(operation: operation, code: errno) }
    }

    static func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw SpoolError.failed(operation: "mkdir \(path)", code: errno)
    }

    static func open(_ path: String, _ flags: Int32) throws -> Int32 {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
        try check(descriptor, "open \(path)")
        return descriptor
    }

    /// Writes all of `bytes` and makes them durable; what was written is cut off again where that fails.
    static func append(_ bytes: [UInt8], to descriptor: Int32, at offset: Int) throws {
        do {
            var written = 0
            while written < bytes.count {
                let count = bytes.withUnsafeBytes { buffer in
                    pwrite(
                        descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written,
                        off_t(offset + written))
                }
                if count < 0, errno == EINTR { continue }
                try check(count < 0 ? -1 : 0, "write")
                written += count
            }
            try check(fdatasync(descriptor), "fdatasync")
        } catch {
            // A half-written record would hide the whole ones that come after it.
            _ = ftruncate(descriptor, off_t(offset))
            throw error
        }
    }

    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = try open(path, O_RDONLY)
        defer { close(descriptor) }
        var status = stat()
        try check(fstat(descriptor, &status), "fstat")
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled, off_t(filled))
            }
            if count < 0, errno == EINTR { continue }
            try check(count < 0 ? -1 : 0, "read")
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// Makes files that were made, renamed or removed in a folder durable as such.
    static func syncDirectory(_ path: String) throws {
        let descriptor = try open(path, O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        try check(fsync(descriptor), "fsync \(path)")
    }

    static func names(in directory: String) throws -> [String] {
        guard let stream = opendir(directory) else {
            throw SpoolError.failed(operation: "opendir \(directory)", code: errno)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Takes a folder for this process; nil where another process has it. The lock ends with the descriptor, at the
    /// latest with the process.
    static func lock(_ directory: String) throws -> Int32? {
        let descriptor = try open("\(directory)/lock", O_RDWR | O_CREAT)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
