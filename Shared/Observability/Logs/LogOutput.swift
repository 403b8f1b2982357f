import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Writes whole lines to a descriptor and never holds its caller up for long: a reader that has gone or stands still
/// costs lines, not requests.
public final class LogOutput: Sendable {
    /// Standard error.
    public static let standardError = LogOutput(descriptor: STDERR_FILENO)
    public static let standardOutput = LogOutput(descriptor: STDOUT_FILENO)

    /// A pipe that says it is writable takes this many bytes without blocking (POSIX, `PIPE_BUF`).
    private static let pieceBytesMax = 4096
    private let descriptor: Int32
    private let patienceMilliseconds: Int32
    private let state = Mutex(State())

    private struct State {
        /// The reader stood still for all our patience; from then on nobody waits until it moves again.
        var isStalled = false
        var droppedCount = 0
    }

    /// `patienceMilliseconds` is how long a line may wait for a reader that stands still.
    public init(descriptor: Int32, patienceMilliseconds: Int32 = 100) {
        self.descriptor = descriptor
        self.patienceMilliseconds = patienceMilliseconds
    }

    /// How many lines nobody took.
    public var droppedCount: Int { state.withLock { $0.droppedCount } }

    /// Writes a line, its line break included, in one piece as far as the system can.
    public func write(_ line: [UInt8]) {
        state.withLock { state in
            let isWritten = line.withUnsafeBytes { writeAll($0, patience: state.isStalled ? 0 : patienceMilliseconds) }
            state.isStalled = !isWritten
            if !isWritten { state.droppedCount += 1 }
        }
    }

    public func write(_ line: String) {
        write(Array(line.utf8))
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer, patience: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard isWritable(within: patience) else { return false }
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceBytesMax))
            #if canImport(Glibc)
                let written = Glibc.write(descriptor, piece.baseAddress, piece.count)
            #else
                let written = Darwin.write(descriptor, piece.baseAddress, piece.count)
            #endif
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR, errno != EAGAIN {
                return false
            }
        }
        return true
    }

    private func isWritable(within milliseconds: Int32) -> Bool {
        var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&poller, 1, milliseconds) > 0 && poller.revents & Int16(POLLOUT) != 0
    }
}
