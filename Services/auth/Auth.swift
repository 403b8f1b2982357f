import Access
import Domain
import HTTP
import Hummingbird
import Identity
import LDAP
import ServiceLifecycle
import ServiceRuntime

/// The auth service's parts, put together from its settings.
struct Auth {
    /// In the order of their start; they stop in reverse.
    let services: [any Service]

    /// - Parameter secret: `PHOENIX_SECRET`.
    init(_ context: ServiceContext, secret: Secret) throws {
        let settings = context.settings
        let hasher = PasswordHasher()
        let bell = MailBell(bus: context.bus, logger: context.logger)
        let connections = ProviderConnections(settings.oauth2)
        let opening = Opening()
        let router = Router(context: ServiceRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            RequestLog(logger: context.logger)
            HeadAnswers()
            CommonHeaders(isEncrypted: context.certificate != nil)
            ErrorAnswers(
                masksInternalErrors: settings.observability.masksInternalErrors, isPlainText: { _ in true },
                translate: APIError.init(ofAccounts:))
            CrossSiteRequests(
                trustedHosts: settings.network.csrfTrustedHosts, rootURL: settings.network.rootURL, needsCookie: false)
            OpeningWait(opening: opening) { [gate = context.gate] in gate.reason }
        }
        context.addHealthRoutes(to: router)
        AuthRoutes(
            settings, secret: secret, database: context.database,
            .init(
                hasher: hasher, providers: connections.clients, directory: settings.ldap.map(Directory.init(settings:)),
                announce: { [bus = context.bus] in bus.publish($0) }, ring: { bell.ring() })
        ).add(to: router)
        let commands = AccountCommands(
            database: context.database, hasher: hasher, signer: TokenSigner(secret: secret), settings: settings,
            announce: { [bus = context.bus] in bus.publish($0) }, ring: { bell.ring() }, logger: context.logger)
        context.bus.serve(AccountRequest.self) { await commands.perform($0) }
        let users = FirstUsers(
            database: context.database, hasher: hasher, settings: settings, ring: { bell.ring() })
        let http = try context.publicHTTP(
            CrossOriginSharing(
                allowing: settings.network.allowedOrigins,
                before: RootPath(settings.network.rootPath, before: router.buildResponder())),
            host: settings.addresses.authHost,
            port: settings.addresses.authPort, variable: "BENNU_AUTH_PORT")
        services =
            [
                bell, connections,
                FirstUsersService(users, gate: context.gate, opening: opening, logger: context.logger),
                ExpiredCredentials(database: context.database, gate: context.gate, logger: context.logger),
            ] + http
    }
}
