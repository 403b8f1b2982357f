import Foundation
import NIOCore
import TestSupport
import Testing

@testable import bennu_collector

@Suite("Byte budget")
struct ByteBudgetTests {
    @Test("bytes are taken up to the bound and no further, and what is given back may be taken again")
    func bound() throws {
        let budget = ByteBudget(bytesMax: 100)
        try budget.reserve(60, for: .test)
        #expect(throws: IngestRefusal.overloaded) { try budget.reserve(41, for: .other) }
        #expect(budget.bytesUsed == 60)
        try budget.reserve(40, for: .other)
        #expect(throws: IngestRefusal.overloaded) { try budget.reserve(1, for: .other) }
        budget.release(60, of: .test)
        #expect(budget.bytesUsed == 40)
    }

    @Test("one sender gets no more than is free, and another finds room at once")
    func share() throws {
        let budget = ByteBudget(bytesMax: 100)
        try budget.reserve(40, for: .test)
        #expect(throws: IngestRefusal.overShare) { try budget.reserve(30, for: .test) }
        try budget.reserve(30, for: .other)
        budget.release(40, of: .test)
        try budget.reserve(35, for: .other)
        #expect(budget.bytesUsed == 65)
    }

    @Test("a claim holds room for the bytes that it announces, and lapses where they do not follow")
    func claim() throws {
        let budget = ByteBudget(bytesMax: 8 << 20)
        let start = NIODeadline.now()
        let claim = try budget.claim(3 << 20, for: .test, now: start)
        #expect(budget.bytesUsed == 1 << 20)
        try budget.cover(1000, by: claim, for: .test, now: start + .seconds(1))
        #expect(budget.bytesUsed == 1 << 20)
        let other = try budget.claim(10, for: .other, now: start + .seconds(2))
        #expect(budget.bytesUsed == 1010)
        try budget.cover(500, by: claim, for: .test, now: start + .seconds(3))
        #expect(budget.bytesUsed == 1510)
        budget.drop(claim)
        budget.drop(other)
        budget.release(1500, of: .test)
        #expect(budget.bytesUsed == 0)
    }

    @Test("beyond what is wanted no request is let in, and one that was goes on to the bound")
    func wanted() throws {
        let budget = ByteBudget(bytesMax: 1000)
        let claim = try budget.claim(10, for: .test, below: 100)
        try budget.cover(400, by: claim, for: .test)
        #expect(throws: IngestRefusal.overloaded) { try budget.claim(1, for: .other, below: 100) }
        #expect(throws: IngestRefusal.overShare) { try budget.cover(201, by: claim, for: .test) }
        let other = try budget.claim(1, for: .other, below: 401)
        budget.drop(other)
        budget.drop(claim)
        budget.release(400, of: .test)
        #expect(budget.bytesUsed == 0)
    }

    @Test("tasks at once never hold more than the bound together")
    func concurrent() async {
        let budget = ByteBudget(bytesMax: 10)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    guard (try? budget.reserve(3, for: .test)) != nil else { return }
                    #expect(budget.bytesUsed <= 10)
                    await Task.yield()
                    budget.release(3, of: .test)
                }
            }
        }
        #expect(budget.bytesUsed == 0)
    }
}

@Suite("Listening socket")
struct ListeningSocketTests {
    @Test("a port that is in use is an error that says so", arguments: ["0.0.0.0", "::", "127.0.0.1"])
    func inUse(host: String) throws {
        let port = try FreePort.find()
        let first = try ListeningSocket.bind(host: host, port: port)
        defer { close(first) }
        let error = #expect(throws: ListeningSocket.BindError.self) { try ListeningSocket.bind(host: host, port: port) }
        #expect(error?.isInUse == true)
        #expect(error?.description.contains("\(host):\(port)") == true)
    }

    @Test("a host that this machine is not is an error, and not one of use")
    func foreignHost() throws {
        let port = try FreePort.find()
        for host in ["192.0.2.1", "no.such.host.invalid"] {
            let error = #expect(throws: ListeningSocket.BindError.self) {
                try ListeningSocket.bind(host: host, port: port)
            }
            #expect(error?.isInUse == false)
        }
    }

    @Test("a socket on every address answers IPv4 and, where there is any, IPv6", arguments: ["0.0.0.0", "::", ""])
    func dualStack(host: String) throws {
        let port = try FreePort.find()
        let descriptor = try ListeningSocket.bind(host: host, port: port)
        defer { close(descriptor) }
        #expect(connects(to: "127.0.0.1", port))
        #expect(connects(to: "::1", port) || !hasIPv6)
    }

    @Test("a socket on one host answers there only")
    func oneHost() throws {
        let port = try FreePort.find()
        let descriptor = try ListeningSocket.bind(host: "127.0.0.1", port: port)
        defer { close(descriptor) }
        #expect(connects(to: "127.0.0.1", port))
        #expect(!connects(to: "::1", port))
    }

    private var hasIPv6: Bool {
        let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        defer { if descriptor >= 0 { close(descriptor) } }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return descriptor >= 0 && call(bind, descriptor, address)
    }

    private func connects(to host: String, _ port: Int) -> Bool {
        let isIPv6 = host.contains(":")
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = UInt16(port).bigEndian
            address.sin6_addr = in6addr_loopback
            return call(connect, descriptor, address)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return call(connect, descriptor, address)
    }

    private func call<Address>(
        _ function: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ descriptor: Int32, _ address: Address
    ) -> Bool {
        withUnsafeBytes(of: address) { bytes in
            guard let base = bytes.baseAddress else { return false }
            return function(descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count)) == 0
        }
    }
}
