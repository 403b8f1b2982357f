/// Everything that Bennu is told by its environment, checked.
///
/// Read once, at the start of a process; nothing below reads an environment variable:
///
///     let settings = try Settings(.process)
///     print(settings.network.port)
public struct Settings: Sendable {
    public let network: NetworkSettings
    public let addresses: ServiceAddresses
    /// Absolute. It need not exist yet.
    public let workingDirectory: String
    public let database: DatabaseSettings
    public let accounts: AccountSettings
    /// Providers that people may sign in through, by id.
    public let oauth2: [OAuth2Settings]
    /// Nil where nobody signs in through a directory.
    public let ldap: LDAPSettings?
    /// Nil where mail is off.
    public let mail: MailSettings?
    public let tls: TLSSettings
    public let observability: ObservabilitySettings
    public let messaging: MessagingSettings
    public let ingest: IngestSettings
    public let upkeep: UpkeepSettings
    /// Standard input is a pipe from `bennu serve`, whose end means stop.
    public let isSupervised: Bool

    /// What is in force for each variable and where it came from, in the order of the catalogue.
    public let report: [SettingsEntry]
    /// One line for each name that is misspelled or has no effect.
    public let warnings: [String]

    /// Throws `SettingsError`, which names every value that cannot be used.
    public init(_ environment: Environment, files: FileChecks? = nil) throws(SettingsError) {
        var reader = SettingsReader(environment: environment, files: files ?? .system(environment))
        workingDirectory = Self.workingDirectory(&reader)
        tls = TLSSettings(&reader)
        network = NetworkSettings(&reader, isTLS: tls.isEnabledForHTTP)
        addresses = ServiceAddresses(&reader, host: network.host, isTLS: tls.isEnabledForHTTP)
        database = DatabaseSettings(&reader, workingDirectory: workingDirectory)
        accounts = AccountSettings(&reader)
        oauth2 = OAuth2Settings.all(&reader)
        ldap = LDAPSettings(&reader)
        Self.checkSomebodyCanSignIn(accounts, oauth2, ldap, &reader)
        mail = MailSettings(&reader, rootURL: network.rootURL)
        observability = ObservabilitySettings(&reader)
        messaging = MessagingSettings(
            &reader, host: network.host, workingDirectory: workingDirectory, secret: accounts.secret)
        ingest = IngestSettings(&reader)
        upkeep = UpkeepSettings(&reader)
        isSupervised = reader.choice(.supervised) == "1"
        reader.checkUnread()
        guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
        report = reader.report
        warnings = NameCheck.warnings(environment)
    }

    private static func checkSomebodyCanSignIn(
        _ accounts: AccountSettings, _ oauth2: [OAuth2Settings], _ ldap: LDAPSettings?, _ reader: inout SettingsReader
    ) {
        // A provider that is incomplete has been complained about already.
        guard accounts.isEnabled, !accounts.hasPasswords, oauth2.isEmpty, ldap == nil, reader.problems.isEmpty else {
            return
        }
        reader.complain(
            .disableBasicAuth, "leaves nobody a way to sign in",
            remedy: "set up a provider (PHOENIX_OAUTH2_…) or a directory (PHOENIX_LDAP_HOST), or set it to false")
    }

    private static func workingDirectory(_ reader: inout SettingsReader) -> String {
        var path = reader.path(.workingDirectory) ?? reader.files.expanding("~/.phoenix")
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        if path.first != "/" {
            reader.complain(
                .workingDirectory, "is a relative path",
                remedy: "set it to an absolute path, or one that begins with ~/")
        }
        return path
    }
}
