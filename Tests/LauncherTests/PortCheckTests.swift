import Foundation
import ServiceRuntime
import Testing

@testable import bennu

@Suite struct PortCheckTests {
    /// A listening socket on a port of the system's choice.
    private func listening() -> (descriptor: Int32, port: Int) {
        let descriptor = Sockets.stream(AF_INET)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(descriptor, pointer, length)
                _ = listen(descriptor, 1)
                _ = getsockname(descriptor, pointer, &length)
            }
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0", "::"]) func aPortInUseIsFoundAndAFreeOneIsFree(host: String) {
        let (descriptor, port) = listening()
        #expect(PortCheck.obstacle(host: host, port: port) == EADDRINUSE)
        close(descriptor)
        #expect(PortCheck.obstacle(host: host, port: port) == nil)
    }

    @Test func theLineNamesPortAndVariable() {
        let (descriptor, port) = listening()
        defer { close(descriptor) }
        let failure = #expect(throws: StartFailure.self) {
            try PortCheck.waitUntilFree([
                .init(host: "127.0.0.1", number: port, variable: "PHOENIX_PORT", kind: .api)
            ])
        }
        #expect(failure?.line.contains("port \(port) is in use") == true)
        #expect(failure?.line.contains("PHOENIX_PORT") == true)
        #expect(failure?.code == .unavailable)
    }

    @Test func anAddressOfAnotherMachineIsNoneOfOurs() {
        #expect(PortCheck.obstacle(host: "192.0.2.1", port: 6006) == EADDRNOTAVAIL)
    }
}
