import Foundation
import Messaging

/// Measures the bus between two processes, over each transport, and ZeroMQ alone beside it.
@main
enum MessagingBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count == 4 {
            try await runPeer(arguments[1], transport: arguments[2], folder: arguments[3])
            return
        }
        for transport in arguments.count == 2 ? [arguments[1]] : ["ipc", "tcp"] {
            try await withPeer("raw", transport) { folder in
                RawMeasurement(transport: transport, folder: folder).run()
            }
            try await withPeer("bus", transport) { folder in
                let bus = Setup.bus(.collector, transport: transport, folder: folder)
                let running = Task { try await bus.run() }
                try await BusMeasurement(bus: bus, transport: transport).run()
                bus.stop()
                try await running.value
            }
        }
    }

    private static func runPeer(_ what: String, transport: String, folder: String) async throws {
        switch what {
        case "raw": RawMeasurement(transport: transport, folder: folder).serve()
        default: try await BusPeer(bus: Setup.bus(.api, transport: transport, folder: folder)).run()
        }
    }

    private static func withPeer(
        _ what: String, _ transport: String, _ body: @Sendable (_ folder: String) async throws -> Void
    ) async throws {
        let folder = "/tmp/bennu-benchmark-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let peer = Process()
        peer.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        peer.arguments = [what, transport, folder]
        try peer.run()
        defer {
            peer.terminate()
            peer.waitUntilExit()
        }
        try await body(folder)
    }
}
