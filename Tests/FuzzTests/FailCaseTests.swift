import Foundation
import Testing

@Suite("What was fuzzed")
struct FailCaseTests {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func files(_ folder: String) -> [URL] {
        let url = repository.appendingPathComponent(folder)
        let found = try? FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
        return (found ?? []).sorted { $0.path < $1.path }
    }

    @Test("every input that a parser has fallen over stays harmless", arguments: FuzzTarget.allCases)
    func failCases(target: FuzzTarget) throws {
        for file in Self.files("Tests/FuzzTests/FailCases/\(target.rawValue)") { try run(target, file) }
    }

    @Test("every seed, whole and cut short, is read without a trap", arguments: FuzzTarget.allCases)
    func seeds(target: FuzzTarget) throws {
        let seeds = Self.files("Fuzz/Seeds/\(target.rawValue)")
        #expect(!seeds.isEmpty)
        for file in seeds {
            try run(target, file)
            let bytes = Array(try Data(contentsOf: file))
            for count in stride(from: 0, through: bytes.count, by: max(1, bytes.count / 50)) {
                bytes[..<count].withUnsafeBytes { target.run($0) }
            }
        }
    }

    private func run(_ target: FuzzTarget, _ file: URL) throws {
        let bytes = Array(try Data(contentsOf: file))
        bytes.withUnsafeBytes { target.run($0) }
    }
}
