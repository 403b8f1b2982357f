import Access
import Database
import GraphQL
import HTTP
import Hummingbird
import Messaging
import ServiceLifecycle
import ServiceRuntime
import Storage

/// The API's parts, put together from its settings.
struct API {
    let writer: any Service
    let live: any Service
    let frontDoor: any Service
    let authWatch: any Service
    let textIndexing: any Service
    let annotationWaiting: any Service
    let retention: any Service
    let http: [any Service]

    /// Throws `StartFailure` where the browser application cannot be found.
    init(_ context: ServiceContext) throws {
        let settings = context.settings
        // First: it is what can fail, and the others must be shut down once they are made.
        let web = try WebFiles(root: settings.addresses.webRoot, page: PageConfig(settings))
        let repositories = Repositories(
            database: context.database, storageBytesMax: settings.ingest.databaseBytesMax)
        let writing = SpanWriterService(context, writerCount: 1)
        let spanWriter = writing.writer
        let events = LiveEvents()
        let door = FrontDoor(
            authURL: settings.addresses.authURL, collectorURL: settings.addresses.collectorURL,
            bodyBytesMax: settings.ingest.requestBytesMax, certificate: context.certificate, logger: context.logger)

        let router = Router(context: APIRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            RequestLog(logger: context.logger)
            HeadAnswers()
            CommonHeaders(isEncrypted: settings.tls.isEnabledForHTTP)
            CompressedAnswers()
            ErrorAnswers(
                masksInternalErrors: settings.observability.masksInternalErrors,
                isPlainText: APIRoutes.isPlainText, translate: APIError.init(translating:))
            CrossSiteRequests(trustedHosts: settings.network.csrfTrustedHosts, rootURL: settings.network.rootURL)
            ClosedGate(context.gate)
            RequestAccess(authenticator: context.authenticator)
        }
        context.addHealthRoutes(to: router)
        door.add(to: router)
        APIRoutes(
            repositories: repositories, writer: spanWriter, bus: context.bus, events: events,
            bodyBytesMax: settings.ingest.requestBytesMax,
            graphQL: GraphQLServer(
                schema: try APISchema.make(masksErrors: settings.observability.masksInternalErrors),
                executionLimits: ExecutionLimits(timeMax: .seconds(30))),
            accounts: BusAccountSender(bus: context.bus),
            annotationPatience: settings.upkeep.annotationPatience
        ).add(to: router)
        web.add(to: router)

        writer = writing
        live = LiveService(events: events, bus: context.bus)
        frontDoor = door
        authWatch = AuthWatch(bus: context.bus, metrics: context.metrics, logger: context.logger)
        textIndexing = TextIndexing(database: context.database, gate: context.gate, logger: context.logger)
        annotationWaiting = AnnotationWaiting(context)
        retention = RetentionLoop(context)
        http = try context.publicHTTP(
            ExpectedContinue(
                before: CrossOriginSharing(
                    allowing: settings.network.allowedOrigins,
                    before: RootPath(settings.network.rootPath, before: KnownMethods(of: router)))),
            host: settings.network.host,
            port: settings.network.port, variable: "PHOENIX_PORT")
    }
}

/// Every route of REST, GraphQL and live events, over the database.
struct APIRoutes: Sendable {
    let repositories: Repositories
    let writer: SpanWriter
    let bus: MessageBus
    let events: LiveEvents
    let bodyBytesMax: Int
    let graphQL: GraphQLServer<GraphQLContext>
    let accounts: any AccountSending
    /// How long an annotation waits for its target.
    var annotationPatience = Duration.seconds(86_400)

    /// Paths whose errors are plain text, which Phoenix's clients print.
    static func isPlainText(_ path: String) -> Bool {
        ["/v1", "/auth", "/oauth2", "/.well-known"].contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    func add<Context: AuthenticatedRequestContext>(to router: Router<Context>) {
        VersionRoute().add(to: router)
        ProjectRoutes(repositories: repositories, bus: bus).add(to: router)
        SpanRoutes(repositories: repositories, writer: writer, bodyBytesMax: bodyBytesMax).add(to: router)
        SpanQueryRoute(repositories: repositories).add(to: router)
        TraceRoutes(repositories: repositories).add(to: router)
        SessionRoutes(repositories: repositories).add(to: router)
        AnnotationRoutes(repositories: repositories, bodyBytesMax: bodyBytesMax, patience: annotationPatience)
            .add(to: router)
        NoteRoutes(repositories: repositories, bodyBytesMax: bodyBytesMax).add(to: router)
        AnnotationConfigRoutes(repositories: repositories).add(to: router)
        LiveRoute(events: events, repositories: repositories).add(to: router)
        UserRoutes(repositories: repositories, accounts: accounts).add(to: router)
        APIKeyRoutes(repositories: repositories, accounts: accounts).add(to: router)
        GraphQLRoute(server: graphQL, repositories: repositories, bus: bus, accounts: accounts).add(to: router)
        UnknownPaths(prefixes: ["/v1", "/bennu/v1", "/.well-known"]).add(to: router)
    }
}

/// Where routes read and write.
struct Repositories: Sendable {
    let projects: ProjectRepository
    let statistics: ProjectStatistics
    let traces: TraceRepository
    let sessions: SessionRepository
    let spans: SpanRepository
    let annotationConfigs: AnnotationConfigRepository
    let users: UserRepository
    let retention: RetentionPolicyRepository
    let apiKeys: APIKeyRepository
    let models: ModelRepository
    let modelUsage: ModelUsage
    let tableSizes: TableSizes
    /// The room that the database may take; nil for all that there is.
    let storageBytesMax: Int64?
    private let database: Database

    init(database: Database, storageBytesMax: Int64? = nil) {
        self.storageBytesMax = storageBytesMax
        projects = ProjectRepository(database: database)
        statistics = ProjectStatistics(database: database)
        traces = TraceRepository(database: database)
        sessions = SessionRepository(database: database)
        spans = SpanRepository(database: database)
        users = UserRepository(database: database)
        retention = RetentionPolicyRepository(database: database)
        apiKeys = APIKeyRepository(database: database)
        models = ModelRepository(database: database)
        modelUsage = ModelUsage(database: database)
        tableSizes = TableSizes(database: database)
        annotationConfigs = AnnotationConfigRepository(database: database)
        self.database = database
    }

    /// Whether the database has no room for more.
    func isStorageExhausted() async throws -> Bool {
        guard let storageBytesMax else { return false }
        return try await database.read { try DatabaseSize.bytes(on: $0) } >= storageBytesMax
    }

    func annotations(_ subject: AnnotationSubject) -> AnnotationRepository {
        AnnotationRepository(subject, database: database)
    }
}

extension APIError {
    /// What the layers below throw, as clients should hear it; nil for what nobody expects.
    init?(translating error: any Error) {
        switch error {
        case is MissingCursor:
            self = .invalid("what the cursor points at has been deleted; begin with the first page")
        case SpanWriterError.overloaded, SpanWriterError.stopping, SpanWriterError.slow:
            self.init(
                .serviceUnavailable, "the server is busy; try again", retryAfter: .seconds(1), cause: error)
        case DatabaseError.diskFull, DatabaseError.readOnly:
            self.init(
                .init(code: 507, reasonPhrase: "Insufficient Storage"), "the database has no room",
                retryAfter: .seconds(30), cause: error)
        case let error as DatabaseError where error.isRetryable:
            self.init(
                .serviceUnavailable, "the database cannot be reached; try again", retryAfter: .seconds(1), cause: error)
        default: return nil
        }
    }
}
