import Foundation
import Testing

@testable import bennu

@Suite struct MemoryFolderTests {
    private func withBase(_ body: (String) throws -> Void) throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: base) }
        try body(base)
    }

    private func names(_ base: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: base) }

    @Test func aFolderGoesWithAllThatIsInIt() throws {
        try withBase { base in
            let folder = try MemoryFolder.make(in: [base])
            #expect(folder.databaseURL.hasPrefix("sqlite:///\(base)/bennu-memory-"))
            try Data().write(to: URL(fileURLWithPath: folder.path + "/phoenix.db"))
            folder.remove()
            #expect(try names(base).isEmpty)
        }
    }

    @Test func onlyThisUserMayEnter() throws {
        try withBase { base in
            let folder = try MemoryFolder.make(in: [base])
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            folder.remove()
        }
    }

    @Test func whatADeadLauncherLeftIsSweptAndALivingOnesIsNot() throws {
        try withBase { base in
            let living = try MemoryFolder.make(in: [base])
            // The lock goes with its process; here by hand.
            let dead = "\(base)/bennu-memory-dead"
            try FileManager.default.createDirectory(atPath: dead, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: dead + "/owner"))
            let beingMade = "\(base)/bennu-memory-young"
            try FileManager.default.createDirectory(atPath: beingMade, withIntermediateDirectories: true)
            let foreign = "\(base)/something-else"
            try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: true)

            MemoryFolder.sweep([base])

            #expect(!FileManager.default.fileExists(atPath: dead))
            #expect(FileManager.default.fileExists(atPath: living.path))
            #expect(FileManager.default.fileExists(atPath: beingMade))
            #expect(FileManager.default.fileExists(atPath: foreign))
            living.remove()
        }
    }
}
