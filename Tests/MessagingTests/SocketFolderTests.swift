import Domain
import Foundation
import Testing

@testable import Messaging

@Suite
struct SocketFolderTests {
    private let base = "/tmp/bennu-test-\(UUID().uuidString.prefix(8))"

    private func permissions(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    /// A socket file whose process is gone.
    private func makeAbandoned(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
    }

    @Test("The folder is made so that only its user may enter it")
    func makes() throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        let folder = try SocketFolder(path: base, instance: "i")
        #expect(folder.path == base)
        #expect(try permissions(base) == 0o700)
        #expect(folder.endpointPublish(of: "i") == "ipc://\(base)/i.pub")
    }

    @Test("A folder that others may enter is closed to them")
    func closesToOthers() throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        try FileManager.default.createDirectory(
            atPath: base, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
        _ = try SocketFolder(path: base, instance: "i")
        #expect(try permissions(base) == 0o700)
    }

    @Test("A symbolic link is no folder of one's own")
    func refusesLink() throws {
        defer {
            try? FileManager.default.removeItem(atPath: base)
            try? FileManager.default.removeItem(atPath: base + ".link")
        }
        try FileManager.default.createDirectory(atPath: base, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: base + ".link", withDestinationPath: base)
        #expect(throws: BusError.transport("the socket folder \(base).link is not a folder of this user's own")) {
            try SocketFolder(path: base + ".link", instance: "i")
        }
    }

    @Test("Where the path is too long for a socket, a short folder takes its place: the same one for the same path")
    func substitutes() throws {
        let long = base + "/" + String(repeating: "deep/", count: 30)
        let folder = try SocketFolder(path: long, instance: UUID().uuidString)
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        #expect(folder.endpointRequest(of: UUID().uuidString).utf8.count - "ipc://".utf8.count <= 107)
        #expect(try permissions(folder.path) == 0o700)
        #expect(try SocketFolder(path: long, instance: UUID().uuidString).path == folder.path)
        let other = try SocketFolder(path: long + "x", instance: UUID().uuidString)
        defer { try? FileManager.default.removeItem(atPath: other.path) }
        #expect(other.path != folder.path)
    }

    @Test("A folder that takes another's place goes with its last socket; the one that was asked for stays")
    func removesSubstitute() throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        let substitute = try SocketFolder(path: base + String(repeating: "/deep", count: 30), instance: "i")
        try Data().write(to: URL(fileURLWithPath: "\(substitute.path)/other.req"))
        substitute.remove("i")
        #expect(FileManager.default.fileExists(atPath: "\(substitute.path)/other.req"))
        substitute.remove("other")
        #expect(!FileManager.default.fileExists(atPath: substitute.path))
        #expect(try substitute.remakeIfGone())
        #expect(try permissions(substitute.path) == 0o700)
        #expect(try !substitute.remakeIfGone())
        substitute.remove("i")
        let folder = try SocketFolder(path: base, instance: "i")
        folder.remove("i")
        #expect(FileManager.default.fileExists(atPath: base))
    }

    @Test("An instance id that no path has room for is refused in words")
    func refusesLongInstance() {
        let error = #expect(throws: BusError.self) {
            try SocketFolder(path: base, instance: String(repeating: "i", count: 120))
        }
        guard case .transport(let text) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(text.contains("too long"))
    }

    @Test("Sockets of killed processes are removed, those in use and other files are not")
    func removesAbandoned() throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        let folder = try SocketFolder(path: base, instance: "i")
        try makeAbandoned("\(base)/dead.pub")
        try Data().write(to: URL(fileURLWithPath: "\(base)/file.pub"))
        folder.removeAbandoned(olderThan: 3_600)
        #expect(FileManager.default.fileExists(atPath: "\(base)/dead.pub"), "it may just be opening")
        folder.removeAbandoned(olderThan: 0)
        #expect(!FileManager.default.fileExists(atPath: "\(base)/dead.pub"))
        #expect(FileManager.default.fileExists(atPath: "\(base)/file.pub"))
    }

    @Test("Nothing outside of the folder is ever removed")
    func staysInside() throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        let folder = try SocketFolder(path: base, instance: "i")
        let outside = "\(base)-outside.req"
        try makeAbandoned(outside)
        defer { try? FileManager.default.removeItem(atPath: outside) }
        for endpoint in [
            "ipc://\(outside)", "ipc://\(base)/../\((outside as NSString).lastPathComponent)", "tcp://a:1",
        ] {
            let instance = ServiceInstance(
                id: "x", kind: .api, version: "", endpointPublish: endpoint, endpointRequest: endpoint, startedAt: 0,
                heartbeatAt: 0)
            #expect(!folder.removeIfDead(instance))
        }
        #expect(FileManager.default.fileExists(atPath: outside))
    }
}
