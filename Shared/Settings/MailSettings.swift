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
}

extension MailSettings {
    /// Nil where mail is off.
    init?(_ reader: inout SettingsReader, rootURL: String) {
        let host = reader.host(.smtpHostname)
        port = reader.port(.smtpPort) ?? 587
        username = reader.text(.smtpUsername)
        password = reader.secret(.smtpPassword)
        validatesCertificates = reader.boolean(.smtpValidateCerts) ?? true
        from = reader.email(.smtpMailFrom) ?? "noreply@\(URLParts(rootURL)?.host ?? "localhost")"
        reader.enter(.smtpMailFrom, shown: from, derivedFrom: [.rootURL])
        guard let host else { return nil }
        self.host = host
    }
}
