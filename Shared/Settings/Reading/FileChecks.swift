#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What settings ask of the file system, so that tests can answer for it.
public struct FileChecks: Sendable {
    /// The home directory of the user.
    public var home: String
    /// Whether a file is there and may be read.
    public var isReadable: @Sendable (String) -> Bool

    public init(home: String, isReadable: @escaping @Sendable (String) -> Bool) {
        self.home = home
        self.isReadable = isReadable
    }

    /// Those of this machine. The home directory is `HOME`, or what the user database says.
    public static func system(_ environment: Environment) -> FileChecks {
        FileChecks(home: environment["HOME"] ?? homeInUserDatabase() ?? "/") { access($0, R_OK) == 0 }
    }

    func expanding(_ path: String) -> String {
        if path == "~" { return home }
        guard path.hasPrefix("~/") else { return path }
        return (home.hasSuffix("/") ? String(home.dropLast()) : home) + path.dropFirst(1)
    }

    private static func homeInUserDatabase() -> String? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        return buffer.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress,
                getpwuid_r(getuid(), &entry, base, buffer.count, &found) == 0, found != nil
            else { return nil }
            return entry.pw_dir.map { String(cString: $0) }
        }
    }
}
