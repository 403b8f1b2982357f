import Domain
import Logging
import Settings

/// Where to point a browser and an exporter, once everything is ready.
struct Greeting: Equatable {
    let rows: [Row]
    let milliseconds: Int

    struct Row: Equatable {
        /// For people.
        let name: String
        /// For programs.
        let key: String
        let value: String
    }

    init(_ plan: ServePlan, after time: Duration) {
        let settings = plan.settings
        let host = NetworkSettings.isEverywhere(settings.network.host) ? "localhost" : settings.network.host
        let shownHost = host.contains(":") ? "[\(host)]" : host
        let (http, grpc) = (
            settings.tls.isEnabledForHTTP ? "https" : "http", settings.tls.isEnabledForGRPC ? "https" : "http"
        )
        var rows = [
            Row(name: "browser", key: "browser", value: settings.network.rootURL),
            Row(name: "OTLP over gRPC", key: "otlp_grpc", value: "\(grpc)://\(shownHost):\(settings.network.grpcPort)"),
            Row(
                name: "OTLP over HTTP", key: "otlp_http",
                value: "\(http)://\(shownHost):\(settings.network.port)\(settings.network.rootPath)/v1/traces"),
            Row(
                name: "database", key: "database",
                value: plan.isInMemory ? "in memory, gone at exit" : settings.database.shownLocation),
        ]
        if settings.observability.servesMetrics {
            let ports = ServePlan.kinds.reversed().map { "\(plan.metricsPort($0)) (\($0.rawValue))" }
            rows.append(
                Row(name: "metrics", key: "metrics", value: "/metrics on the ports \(ports.joined(separator: ", "))"))
        }
        self.rows = rows
        milliseconds = Int(time / .milliseconds(1))
    }

    var text: String {
        let width = rows.map(\.name.count).max() ?? 0
        let lines = rows.map { "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.value)\n" }
        return
            "\nBennu \(BennuVersion.text) is ready in \(milliseconds) ms\n\n\(lines.joined())\nStop it with Ctrl-C.\n\n"
    }

    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["version": "\(BennuVersion.text)", "after": "\(milliseconds) ms"]
        for row in rows { metadata[row.key] = "\(row.value)" }
        return metadata
    }
}
