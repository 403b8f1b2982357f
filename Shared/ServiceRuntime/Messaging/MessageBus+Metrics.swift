import Messaging
import Observability

extension MessageBus {
    /// What the bus has done, for Prometheus.
    func register(in registry: MetricsRegistry) {
        let counts: [(name: String, help: String, count: any KeyPath<BusCounters, Int> & Sendable)] = [
            ("messages_published", "Messages sent to the other services.", \.published),
            (
                "messages_publish_dropped", "Messages that made room for newer ones before they were sent.",
                \.publishedDropped
            ),
            ("messages_received", "Messages of other services that arrived.", \.received),
            ("messages_receive_dropped", "Arrived messages that made room for newer ones.", \.receivedDropped),
            ("requests_sent", "Requests sent to other services.", \.requestsSent),
            ("requests_received", "Requests of other services that arrived.", \.requestsReceived),
            ("requests_refused", "Requests of other services that were turned away unread.", \.requestsRefused),
            ("frames_malformed", "What arrived and is no message of ours.", \.malformed),
            ("connections_refused", "Connections that did not prove that they belong here.", \.connectionsRefused),
        ]
        for (name, help, count) in counts {
            registry.counter("bennu_bus_\(name)_total", help) { [self] in Double(counters[keyPath: count]) }
        }
        registry.gauge("bennu_bus_peers", "Other services that are known to run.") { [self] in Double(peers.count) }
    }
}
