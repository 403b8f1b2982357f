import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Signals as bytes in a pipe, so that they can be waited for together with other descriptors. There is one for the whole
/// process, since handlers are.
public enum SignalPipe {
    private static let writeEnd = Atomic<Int32>(-1)

    /// Catches `signals` from now on, but leaves those alone that the process was started without (`nohup`). Returns the
    /// end to read from: each signal arrives as one byte, its number. May be called once.
    public static func open(for signals: [Int32]) -> Int32 {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "a process that cannot open a pipe cannot do anything")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        let (exchanged, _) = writeEnd.compareExchange(expected: -1, desired: ends[1], ordering: .sequentiallyConsistent)
        precondition(exchanged, "signals go into one pipe")
        for number in signals { catchSignal(number) }
        return ends[0]
    }

    /// The signals that have arrived, without waiting.
    public static func read(_ descriptor: Int32) -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        #if canImport(Glibc)
            let count = Glibc.read(descriptor, &bytes, bytes.count)
        #else
            let count = Darwin.read(descriptor, &bytes, bytes.count)
        #endif
        return count > 0 ? bytes.prefix(count).map(Int32.init) : []
    }

    private static func catchSignal(_ number: Int32) {
        // Only calls what POSIX lets a handler call; `errno` is kept for the code that was interrupted.
        let previous = signal(number) { number in
            let code = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(SignalPipe.writeEnd.load(ordering: .relaxed), &byte, 1)
            errno = code
        }
        let wasIgnored = unsafeBitCast(previous, to: Int.self) == 1
        if wasIgnored, number == SIGHUP { signal(number, SIG_IGN) }
    }
}
