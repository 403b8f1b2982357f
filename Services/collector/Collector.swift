import Access
import HTTP
import Hummingbird
import Logging
import ServiceLifecycle
import ServiceRuntime
import Spool
import Storage

/// The collector's parts, put together from its settings.
struct Collector {
    let writer: any Service
    let capacity: any Service
    /// Nil without a spool.
    let drain: (any Service)?
    let http: [any Service]
    let grpc: any Service

    /// Throws `StartFailure` where a port is taken or the spool's folder cannot be used.
    init(_ context: ServiceContext) throws {
        let settings = context.settings
        let metrics = CollectorMetrics(registry: context.metrics)
        let writing = SpanWriterService(context, writerCount: 2, onCommit: metrics.committed)
        let spanWriter = writing.writer
        let spool = try Self.spool(context)
        let capacity = DatabaseCapacity(
            database: context.database, gate: context.gate, bytesMax: settings.ingest.databaseBytesMax,
            metrics: context.metrics, logger: context.logger)
        self.capacity = capacity
        // A share of it must have room for the largest body, beside what that is inflated to.
        // Nobody may hold more than is free: that leaves one sender room for the largest body and for what it inflates to.
        let budget = ByteBudget(bytesMax: max(settings.ingest.queueBytesMax, 4 * settings.ingest.requestBytesMax))
        metrics.watch(spanWriter, budget, spoolBytes: { spool?.bytesUsed ?? 0 })
        let ingest = SpanIngest(
            writer: spanWriter, gate: context.gate, spool: spool, budget: budget,
            quotas: ProjectQuotas(
                bytesPerSecond: settings.ingest.projectBytesPerSecond, overrides: settings.ingest.projectQuotas),
            capacity: capacity, contact: settings.network.supportEmail, metrics: metrics, logger: context.logger)
        let access = SenderAccess(authenticator: context.authenticator)
        writer = writing
        drain = spool.map { SpoolDrain(spool: $0, writer: spanWriter, gate: context.gate, logger: context.logger) }
        http = try context.publicHTTP(
            Self.responder(context, ingest, access), host: settings.network.host,
            port: settings.addresses.collectorHTTPPort, variable: "BENNU_COLLECTOR_HTTP_PORT")
        grpc = try GRPCListener(
            listener: context.readiness.listener("grpc", host: settings.network.host, port: settings.network.grpcPort),
            service: TraceService(ingest: ingest, access: access, requestBytesMax: settings.ingest.requestBytesMax),
            requestBytesMax: settings.ingest.requestBytesMax,
            certificate: settings.tls.isEnabledForGRPC ? context.certificate : nil)
    }

    private static func spool(_ context: ServiceContext) throws -> Spool? {
        let bytesMax = context.settings.ingest.spoolBytesMax
        guard bytesMax > 0 else { return nil }
        let folder = "\(context.settings.workingDirectory)/spool"
        do {
            let spool = try Spool(root: folder, bytesMax: bytesMax)
            if !spool.isEmpty {
                context.logger.info("spans wait in the spool", metadata: ["bytes": "\(spool.bytesUsed)"])
            }
            return spool
        } catch {
            throw StartFailure(
                "the spool at \(folder) cannot be used (\(error)); make PHOENIX_WORKING_DIR writable, or set "
                    + "BENNU_SPOOL_BYTES to 0 to go without it", .configuration)
        }
    }

    private static func responder(
        _ context: ServiceContext, _ ingest: SpanIngest, _ access: SenderAccess
    ) -> some HTTPResponder<ServiceRequestContext> {
        let settings = context.settings
        let router = Router(context: ServiceRequestContext.self)
        context.addHealthRoutes(to: router)
        TracesRoute(ingest: ingest, bodyBytesMax: settings.ingest.requestBytesMax, access: access).add(to: router)
        return ExpectedContinue(before: KnownMethods(of: router))
    }
}
