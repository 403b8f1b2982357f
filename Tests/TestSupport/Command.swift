import Foundation

/// Runs a program to its end. Blocks; call it from a thread of your own.
public enum Command {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Returns what it printed, without the last line's end. Throws with what it printed if it failed.
    @discardableResult
    public static func output(_ command: [String], folder: String = "/") throws -> String {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failed(description: "no pipe can be made") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let reading = ends[0]
        defer { close(reading) }
        let process: ChildProcess
        do {
            defer { close(ends[1]) }
            process = try ChildProcess(command, folder: folder, output: ends[1])
        }
        let printed = all(from: reading)
        let text = String(decoding: printed, as: UTF8.self).trimmingCharacters(in: .newlines)
        guard process.wait() == 0 else {
            throw Failed(description: "\(command.joined(separator: " ")): \(text)")
        }
        return text
    }

    private static func all(from descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 { bytes += buffer[..<count] } else if count == 0 || errno != EINTR { return bytes }
        }
    }

    /// The same on a thread of its own.
    @discardableResult
    static func run(_ command: [String]) async throws -> String {
        try await onThread { try output(command) }
    }

    /// Runs blocking work outside Swift's cooperative threads.
    static func onThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try work() })
            }
        }
    }
}
