import Foundation
import NIOCore
import NIOEmbedded
import Testing

@testable import bennu_collector

@Suite("Silent connections")
struct SilentConnectionsTests {
    @Test("a connection ends when nothing has come for long enough")
    func silence() throws {
        let channel = EmbeddedChannel()
        try SilentConnections.add(to: channel, silenceMax: .milliseconds(50))
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        // The loop's timers go by its own clock, and how long it was silent by the real one.
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(49))
        #expect(channel.isActive)
        Thread.sleep(forTimeInterval: 0.06)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(!channel.isActive)
    }
}
