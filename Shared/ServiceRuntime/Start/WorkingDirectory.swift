#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder of the embedded database, of sockets and of all that waits to be written.
public enum WorkingDirectory {
    /// Makes it, and what is missing above it, so that only this user may enter.
    public static func prepare(_ path: String) throws(StartFailure) {
        try make(path)
        guard access(path, W_OK | X_OK) == 0 else {
            throw failure("PHOENIX_WORKING_DIR=\(path) may not be written", errno)
        }
    }

    private static func make(_ path: String) throws(StartFailure) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw failure("PHOENIX_WORKING_DIR=\(path) is no folder", ENOTDIR)
            }
            return
        }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try make(String(path[..<slash])) }
        // Another process may be making it at this moment.
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw failure("PHOENIX_WORKING_DIR=\(path) cannot be made", errno)
        }
    }

    private static func failure(_ what: String, _ code: Int32) -> StartFailure {
        StartFailure(
            "\(what) (\(String(cString: strerror(code)))); set it to a folder that this user may write to",
            .configuration)
    }
}
