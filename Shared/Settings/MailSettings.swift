import Domain

/// The SMTP server that mail goes out through.
public struct MailSettings: Sendable, Equatable {
    public var host: String
    /// 465 means implicit TLS.
    public var port: Int
    public var username: String?
    public var password: Secret?
    /// The sender's address.
    public var from: String
    public var validatesCertificates: Bool
    /// PEM file of the issuers to trust; nil for the system's.
    public var issuersFile: String?
}

extension MailSettings {
    /// Nil where mail is off.
    init?(_ reader: inout SettingsReader, rootURL: String) {
        let host = reader.host(.smtpHostname)
        port = reader.port(.smtpPort) ?? 587
        username = reader.text(.smtpUsername)
        password = reader.secret(.smtpPassword)
        validatesCertificates = reader.boolean(.smtpValidateCerts) ?? true
        issuersFile = reader.path(.smtpIssuersFile)
        if let issuersFile, !reader.files.isReadable(issuersFile) {
            reader.complain(.smtpIssuersFile, "is no readable file", remedy: "set it to the path of a PEM file")
        }
        from = reader.email(.smtpMailFrom) ?? "noreply@\(URLParts(rootURL)?.host ?? "localhost")"
        reader.enter(.smtpMailFrom, shown: from, derivedFrom: [.rootURL])
        guard let host else { return nil }
        self.host = host
    }
}
