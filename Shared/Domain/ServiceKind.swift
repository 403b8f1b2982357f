/// The four services.
public enum ServiceKind: String, CaseIterable, Sendable, Codable {
    case collector
    case api
    case auth
    case mailer
}
