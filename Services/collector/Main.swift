import ServiceRuntime

/// OTLP in: gRPC and HTTP, decoded and durable before they are answered.
@main
struct Main {
    static func main() async {
        await ServiceRuntime.run(.collector) { context in
            let collector = try Collector(context)
            return [collector.capacity, collector.writer, collector.drain].compactMap { $0 } + collector.http
                + [collector.grpc]
        }
    }
}
