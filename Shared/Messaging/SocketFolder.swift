#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder of this user's Unix sockets, one file for each socket of each running service.
struct SocketFolder: Sendable {
    /// `sockaddr_un.sun_path`, less the zero at the end.
    static let pathBytesMax = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
    private static let suffixes = [".pub", ".req"]

    let path: String
    /// It takes the place of one with a longer path, and is only there while it is used.
    private let isSubstitute: Bool

    /// Makes the folder if it is missing and sees to it that only this user may enter it. Where `path` is too long for
    /// the sockets of `instance`, a folder below the temporary directory takes its place.
    init(path: String, instance: String) throws(BusError) {
        let longest = Self.suffixes.map { $0.utf8.count }.max() ?? 0
        let needed = { (folder: String) in folder.utf8.count + 1 + instance.utf8.count + longest }
        var folder = path
        if needed(folder) > Self.pathBytesMax { folder = Self.substitute(for: path) }
        guard needed(folder) <= Self.pathBytesMax else {
            throw .transport("the socket folder \(folder) is too long: a path has at most \(Self.pathBytesMax) bytes")
        }
        guard !instance.contains("/") else { throw .transport("the instance id \(instance) is no file name") }
        try Self.make(folder)
        self.path = folder
        isSubstitute = folder != path
    }

    func endpointPublish(of instance: String) -> String { "ipc://\(path)/\(instance)\(Self.suffixes[0])" }
    func endpointRequest(of instance: String) -> String { "ipc://\(path)/\(instance)\(Self.suffixes[1])" }

    /// Removes the files of this process's own sockets, which ZeroMQ leaves behind when it closes them.
    func remove(_ instance: String) {
        for suffix in Self.suffixes { unlink("\(path)/\(instance)\(suffix)") }
        // Does nothing while other services have their sockets there.
        if isSubstitute { rmdir(path) }
    }

    /// Makes the folder again if another service, stopping, has removed it just now; says whether it did.
    func remakeIfGone() throws(BusError) -> Bool {
        guard access(path, F_OK) != 0 else { return false }
        try Self.make(path)
        return true
    }

    /// The path of an endpoint's socket if that lies in this folder.
    func socketPath(of endpoint: String) -> String? {
        let prefix = "ipc://\(path)/"
        guard endpoint.hasPrefix(prefix), !endpoint.dropFirst(prefix.count).contains("/") else { return nil }
        return String(endpoint.dropFirst("ipc://".count))
    }

    /// Whether a socket of this folder has nobody behind it: its process has died without removing it.
    func isAbandoned(_ socketPath: String) -> Bool {
        var status = stat()
        guard lstat(socketPath, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        return Self.isRefused(socketPath)
    }

    /// Whether nobody listens where a silent instance did, and its sockets' files, if any, are gone now.
    func removeIfDead(_ instance: ServiceInstance) -> Bool {
        guard let publish = socketPath(of: instance.endpointPublish),
            let request = socketPath(of: instance.endpointRequest)
        else { return false }
        for path in [publish, request] {
            if isAbandoned(path) { unlink(path) }
            guard access(path, F_OK) != 0 else { return false }
        }
        return true
    }

    /// Removes what processes that were killed have left behind, unless it is only seconds old: a socket that is just
    /// being opened refuses connections too.
    func removeAbandoned(olderThan seconds: Int = 30) {
        guard let folder = opendir(path) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let socketPath = "\(path)/\(name)"
            var status = stat()
            guard Self.suffixes.contains(where: name.hasSuffix), lstat(socketPath, &status) == 0,
                time(nil) - status.st_mtim.tv_sec >= seconds, isAbandoned(socketPath)
            else { continue }
            unlink(socketPath)
        }
    }

    private static func make(_ path: String) throws(BusError) {
        if mkdir(path, 0o700) != 0, errno != EEXIST {
            throw .transport("cannot make the socket folder \(path): \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
            throw .transport("the socket folder \(path) is not a folder of this user's own")
        }
        guard status.st_mode & 0o077 == 0 || chmod(path, 0o700) == 0 else {
            throw .transport("others may enter the socket folder \(path), and that cannot be changed")
        }
    }

    private static func substitute(for path: String) -> String {
        let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        // A temporary directory of one's own may be as long as what it should replace.
        let base = temporary.isEmpty || temporary.utf8.count > 32 ? "/tmp" : temporary
        let hash = path.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return "\(base)/bennu-\(geteuid())-\(String(hash, radix: 36))"
    }

    private static func isRefused(_ socketPath: String) -> Bool {
        var address = sockaddr_un()
        guard socketPath.utf8.count <= pathBytesMax else { return false }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath.utf8) }
        #if canImport(Glibc)
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        #else
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result != 0 && errno == ECONNREFUSED
    }
}
