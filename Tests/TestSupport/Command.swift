import Foundation

/// Runs a program to its end. Blocks; call it from a thread of your own.
public enum Command {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Returns what it printed, without the last line's end. Throws with what it printed if it failed.
    @discardableResult
    public static func output(_ command: [String], folder: String = "/") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let printed = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: printed, as: UTF8.self).trimmingCharacters(in: .newlines)
        guard process.terminationStatus == 0 else {
            throw Failed(description: "\(command.joined(separator: " ")): \(text)")
        }
        return text
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
