#if canImport(Glibc)
    import Glibc
#endif

/// A program that was started, by `posix_spawn`: Foundation's `Process` looks at all our open files at each start and has been
/// seen to read beyond them when they are more than a thousand.
public struct ChildProcess: Sendable {
    public struct Failed: Error, CustomStringConvertible {
        public let description: String
    }

    public let id: pid_t

    /// - Parameters:
    ///   - input: read by the program as its standard input; nothing by default.
    ///   - output: where it writes what it prints, errors included; nowhere by default.
    ///
    /// It gets none of our other files.
    public init(_ command: [String], folder: String = "/", input: Int32? = nil, output: Int32? = nil) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        for descriptor: Int32 in [1, 2] {
            if let output {
                posix_spawn_file_actions_adddup2(&actions, output, descriptor)
            } else {
                posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
            }
        }
        try Self.addChange(to: folder, &actions)
        try Self.addClose(from: 3, &actions)
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var id = pid_t()
        let error = posix_spawn(&id, command[0], &actions, nil, &arguments, environ)
        guard error == 0 else { throw Failed(description: "\(command[0]): \(String(cString: strerror(error)))") }
        self.id = id
    }

    private typealias Actions = UnsafeMutablePointer<posix_spawn_file_actions_t>

    // These two are GNU's own, which Swift's import of the C library leaves out.
    private static func addChange(to folder: String, _ actions: Actions) throws {
        typealias Function = @convention(c) (Actions, UnsafePointer<CChar>) -> Int32
        _ = unsafeBitCast(try symbol("posix_spawn_file_actions_addchdir_np"), to: Function.self)(actions, folder)
    }

    private static func addClose(from descriptor: Int32, _ actions: Actions) throws {
        typealias Function = @convention(c) (Actions, Int32) -> Int32
        _ = unsafeBitCast(try symbol("posix_spawn_file_actions_addclosefrom_np"), to: Function.self)(
            actions, descriptor)
    }

    private static func symbol(_ name: String) throws -> UnsafeMutableRawPointer {
        guard let found = dlsym(nil, name) else { throw Failed(description: "the C library has no \(name)") }
        return found
    }

    /// Waits for its end and returns its exit code; 128 and the signal where one ended it. Blocks.
    @discardableResult
    public func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Ends it at once, and waits for its end.
    public func kill() {
        _ = Glibc.kill(id, SIGKILL)
        wait()
    }
}
