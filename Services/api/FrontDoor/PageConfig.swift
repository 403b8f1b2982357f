import Domain
import Foundation
import HTTP
import Settings

/// What the browser application is told with its page: where it is, which release it belongs to, and how people sign in.
struct PageConfig: Sendable {
    private static let placeholder = "{\"rootPath\":\"\",\"version\":\"\"}"

    private let rootPath: String
    private let json: String

    init(_ settings: Settings) {
        rootPath = settings.network.rootPath
        var writer = JSONWriter()
        writer.object { fields in
            fields.field("rootPath", settings.network.rootPath)
            fields.field("version", BennuVersion.text)
            if settings.accounts.isEnabled {
                fields.field("authentication", object: { Self.write(settings, to: &$0) })
            }
        }
        // It stands within an element of the page, which nothing in it may end.
        json = String(decoding: writer.bytes, as: UTF8.self).replacing("<", with: "\\u003c")
    }

    /// The page with all that in its place.
    func fill(_ page: Data) -> [UInt8] {
        Array(
            String(decoding: page, as: UTF8.self)
                .replacing("<base href=\"/\">", with: "<base href=\"\(rootPath)/\">")
                .replacing(Self.placeholder, with: json).utf8)
    }

    private static func write(_ settings: Settings, to fields: inout JSONWriter) {
        fields.field("hasPasswords", settings.accounts.hasPasswords)
        fields.field("hasLDAP", settings.ldap != nil)
        fields.field("hasMail", settings.mail != nil)
        fields.field("hasStrongPasswords", settings.accounts.passwordPolicy.isStrong)
        fields.field("providers", array: settings.oauth2) { writer, provider in
            writer.object {
                $0.field("id", provider.id)
                $0.field("name", provider.displayName)
                $0.field("isAutomatic", provider.signsInAutomatically)
            }
        }
    }
}
