extension Variable {
    static let host = Variable("PHOENIX_HOST", .host, default: "0.0.0.0")
    static let port = Variable("PHOENIX_PORT", .port, default: "6006", readers: [.api, .launcher])
    static let grpcPort = Variable("PHOENIX_GRPC_PORT", .port, default: "4317", readers: [.collector, .launcher])
    static let hostRootPath = Variable("PHOENIX_HOST_ROOT_PATH", .rootPath, readers: [.api, .auth, .launcher])
    static let rootURL = Variable("PHOENIX_ROOT_URL", .url, readers: [.api, .auth, .mailer, .launcher])
    static let workingDirectory = Variable("PHOENIX_WORKING_DIR", .path, default: "~/.phoenix")
    static let projectName = Variable("PHOENIX_PROJECT_NAME", .text, default: "default", readers: [.collector, .api])
    static let managementURL = Variable("PHOENIX_MANAGEMENT_URL", .url, .notServed, readers: .api)
    static let supportEmail = Variable("PHOENIX_SUPPORT_EMAIL", .email, readers: [.collector, .api, .mailer])
    static let allowExternalResources = Variable(
        "PHOENIX_ALLOW_EXTERNAL_RESOURCES", .boolean, default: "true", .needless)
    static let telemetryEnabled = Variable("PHOENIX_TELEMETRY_ENABLED", .boolean, default: "true", .needless)
    static let allowedOrigins = Variable("PHOENIX_ALLOWED_ORIGINS", .text, readers: [.api, .auth])
    static let csrfTrustedOrigins = Variable("PHOENIX_CSRF_TRUSTED_ORIGINS", .text, readers: [.api, .auth])

    static let network = [
        host, port, grpcPort, hostRootPath, rootURL, workingDirectory, projectName, managementURL, supportEmail,
        allowExternalResources, telemetryEnabled, allowedOrigins, csrfTrustedOrigins,
    ]
}

/// Transport encryption of the public ports.
extension Variable {
    static let tlsEnabled = Variable("PHOENIX_TLS_ENABLED", .boolean, default: "false", readers: [.api, .collector])
    static let tlsEnabledForHTTP = Variable("PHOENIX_TLS_ENABLED_FOR_HTTP", .boolean, readers: [.api, .collector])
    static let tlsEnabledForGRPC = Variable("PHOENIX_TLS_ENABLED_FOR_GRPC", .boolean, readers: .collector)
    static let tlsCertFile = Variable("PHOENIX_TLS_CERT_FILE", .path, readers: [.api, .collector])
    static let tlsKeyFile = Variable("PHOENIX_TLS_KEY_FILE", .path, readers: [.api, .collector])
    static let tlsKeyFilePassword = Variable(
        "PHOENIX_TLS_KEY_FILE_PASSWORD", .text, secret: true, readers: [.api, .collector])
    static let tlsCAFile = Variable("PHOENIX_TLS_CA_FILE", .path, readers: [.api, .collector])
    static let tlsVerifyClient = Variable(
        "PHOENIX_TLS_VERIFY_CLIENT", .boolean, default: "false", readers: [.api, .collector])

    static let tls = [
        tlsEnabled, tlsEnabledForHTTP, tlsEnabledForGRPC, tlsCertFile, tlsKeyFile, tlsKeyFilePassword, tlsCAFile,
        tlsVerifyClient,
    ]
}

/// Outgoing mail.
extension Variable {
    private static let mailReaders: Readers = [.mailer, .auth, .launcher]

    static let smtpHostname = Variable("PHOENIX_SMTP_HOSTNAME", .host, readers: mailReaders)
    static let smtpPort = Variable("PHOENIX_SMTP_PORT", .port, default: "587", readers: mailReaders)
    static let smtpUsername = Variable("PHOENIX_SMTP_USERNAME", .text, readers: mailReaders)
    static let smtpPassword = Variable("PHOENIX_SMTP_PASSWORD", .text, secret: true, readers: mailReaders)
    static let smtpMailFrom = Variable("PHOENIX_SMTP_MAIL_FROM", .email, readers: mailReaders)
    static let smtpValidateCerts = Variable(
        "PHOENIX_SMTP_VALIDATE_CERTS", .boolean, default: "true", readers: mailReaders)
    static let smtpIssuersFile = Variable("BENNU_SMTP_CA_FILE", .path, readers: mailReaders)

    static let mail = [
        smtpHostname, smtpPort, smtpUsername, smtpPassword, smtpMailFrom, smtpValidateCerts, smtpIssuersFile,
    ]
}
