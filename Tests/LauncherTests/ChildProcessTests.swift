import Foundation
import Settings
import Testing

@testable import bennu

/// Real processes, one at a time: a child must not be started between the making of another's pipe and its marking.
@Suite(.serialized) final class ChildProcessTests {
    private let environment = Environment(["PATH": "/usr/bin:/bin", "WHO": "child"])
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// A child that runs a shell's line, held as a service is.
    private func start(_ script: String) throws -> ChildProcess {
        let file = folder.appendingPathComponent(UUID().uuidString)
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
        // A process that another test forks while the file is written holds it open until it runs something itself.
        for _ in 0..<100 {
            do {
                return try ChildProcess.start(executable: file.path, environment: environment)
            } catch {
                guard error.code == ETXTBSY else { throw error }
                usleep(10_000)
            }
        }
        throw ChildProcess.StartError(code: ETXTBSY)
    }

    private func waitForExit(_ child: ChildProcess) -> ChildExit? {
        for _ in 0..<1_000 {
            if let exit = child.collect() { return exit }
            usleep(10_000)
        }
        return nil
    }

    private func output(_ child: ChildProcess) -> String {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(child.output, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    @Test func whatItWritesAndHowItEndedIsSeen() throws {
        let child = try start("echo out $WHO; echo err >&2; exit 7")
        #expect(waitForExit(child) == .code(7))
        #expect(output(child) == "out child\nerr\n")
        child.close()
    }

    @Test func aSignalIsToldFromACode() throws {
        let child = try start("sleep 100")
        child.kill()
        #expect(waitForExit(child) == .signal(9))
        child.close()
    }

    @Test func itsInputEndsWhenTheLifelineDoes() throws {
        let child = try start("read line; exit 3")
        #expect(child.collect() == nil)
        child.close()
        #expect(waitForExit(child) == .code(3))
    }

    @Test func noChildHoldsAnothersLifeline() throws {
        let first = try start("read line; exit 3")
        let second = try start("sleep 100")
        first.close()
        #expect(waitForExit(first) == .code(3))
        second.kill()
        #expect(waitForExit(second) == .signal(9))
        second.close()
    }

    @Test func whatAChildHasStartedEndsWithIt() throws {
        let child = try start("sleep 100 & echo $!; exit 1")
        #expect(waitForExit(child) == .code(1))
        let grandchild = try #require(pid_t(output(child).trimmingCharacters(in: .whitespacesAndNewlines)))
        var isGone = false
        for _ in 0..<1_000 where !isGone {
            isGone = kill(grandchild, 0) != 0 || isZombie(grandchild)
            if !isGone { usleep(10_000) }
        }
        #expect(isGone)
        child.close()
    }

    @Test func anExecutableThatIsNotThereIsAnErrorWithItsReason() {
        #expect(throws: ChildProcess.StartError(code: ENOENT)) {
            try ChildProcess.start(executable: "/nonexistent/bennu-api", environment: environment)
        }
    }

    /// Nobody may be left to collect it where the tests run.
    private func isZombie(_ id: pid_t) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return true }
        return text.split(separator: ")").last?.hasPrefix(" Z") ?? false
    }
}
