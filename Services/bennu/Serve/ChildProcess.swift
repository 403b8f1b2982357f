import Domain
import Settings

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A service's process as its launcher holds it.
///
/// Its standard input is a pipe into which nobody ever writes. The only other end is ours: when we are gone, however that
/// came about, the service reads the end and stops. It has a process group of its own, so that Ctrl-C reaches the launcher
/// alone and the order of stopping is ours.
struct ChildProcess {
    let id: pid_t
    /// What the service writes to standard output and standard error; does not block.
    let output: Int32
    /// The end that keeps the service alive.
    private let lifeline: Int32

    /// `errno` of a start that failed.
    struct StartError: Error, Equatable {
        let code: Int32
    }

    /// To be called by one thread only: a child that is started between the making of a pipe and its marking would inherit it.
    static func start(executable: String, environment: Environment) throws(StartError) -> ChildProcess {
        guard let input = Pipe(), let output = Pipe() else { throw StartError(code: errno) }
        defer {
            close(input.reading)
            close(output.writing)
        }
        do {
            let id = try spawn(executable, environment, input: input.reading, output: output.writing)
            _ = fcntl(output.reading, F_SETFL, O_NONBLOCK)
            return ChildProcess(id: id, output: output.reading, lifeline: input.writing)
        } catch {
            close(input.writing)
            close(output.reading)
            throw error
        }
    }

    func terminate() {
        Self.send(SIGTERM, to: id)
    }

    /// Ends it with all that it has started.
    func kill() {
        Self.send(SIGKILL, to: -id)
    }

    /// Gives back what is left of a process that has ended.
    func close() {
        Self.close(lifeline)
        Self.close(output)
    }

    /// How it ended; nil if it has not. What it has started ends too: a crash reporter may hold its ports.
    func collect() -> ChildExit? {
        var status: Int32 = 0
        var info = siginfo_t()
        // Looks before it collects: until then nobody else can have the number of its group.
        guard waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD else {
            return nil
        }
        kill()
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .code(status >> 8 & 0xFF) : .signal(signal)
    }

    /// Collects processes that others have left to us, as the first process of a container is left all of them.
    static func collectStrangers(except children: Set<pid_t>) {
        var info = siginfo_t()
        while waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD {
            let id = info._sifields._sigchld.si_pid
            // A child of our own is collected with its next signal, and what is behind it then.
            guard !children.contains(id), waitpid(id, nil, WNOHANG) == id else { return }
        }
    }

    private static func send(_ signal: Int32, to id: pid_t) {
        #if canImport(Glibc)
            _ = Glibc.kill(id, signal)
        #else
            _ = Darwin.kill(id, signal)
        #endif
    }

    private static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
    }

    private static func spawn(
        _ executable: String, _ environment: Environment, input: Int32, output: Int32
    ) throws(StartError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // What is duplicated is inherited; everything else is marked to be closed.
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        posix_spawnattr_setpgroup(&attributes, 0)
        setSignals(&attributes)
        var id: pid_t = 0
        let code = CStrings.with([executable]) { arguments in
            CStrings.with(environment.assignments) { variables in
                posix_spawn(&id, executable, &actions, &attributes, arguments, variables)
            }
        }
        guard code == 0 else { throw StartError(code: code) }
        return id
    }

    /// The launcher ignores some signals and may block others; a service begins with none of that.
    private static func setSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        var defaults = sigset_t()
        sigemptyset(&none)
        sigemptyset(&defaults)
        for number in [SIGPIPE, SIGTERM, SIGINT] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }
}

/// Both ends of a pipe, marked to be closed in children.
private struct Pipe {
    let reading: Int32
    let writing: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }
}

/// Arrays of C strings, ended by nil.
private enum CStrings {
    static func with<T>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T) -> T {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
