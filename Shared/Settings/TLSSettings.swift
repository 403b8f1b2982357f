import Domain

/// Transport encryption of the public ports.
public struct TLSSettings: Sendable, Equatable {
    public var isEnabledForHTTP: Bool
    public var isEnabledForGRPC: Bool
    /// PEM files; empty where TLS is off.
    public var certificateFile: String
    public var keyFile: String
    public var keyPassword: Secret?
    /// Issuers of client certificates. Set when clients must show one.
    public var clientIssuersFile: String?

    public var isEnabled: Bool { isEnabledForHTTP || isEnabledForGRPC }
}

extension TLSSettings {
    init(_ reader: inout SettingsReader) {
        let isEnabled = reader.boolean(.tlsEnabled) ?? false
        isEnabledForHTTP = reader.boolean(.tlsEnabledForHTTP) ?? isEnabled
        isEnabledForGRPC = reader.boolean(.tlsEnabledForGRPC) ?? isEnabled
        reader.enter(.tlsEnabledForHTTP, shown: "\(isEnabledForHTTP)", derivedFrom: [.tlsEnabled])
        reader.enter(.tlsEnabledForGRPC, shown: "\(isEnabledForGRPC)", derivedFrom: [.tlsEnabled])
        let (certificate, key) = (reader.path(.tlsCertFile), reader.path(.tlsKeyFile))
        keyPassword = reader.secret(.tlsKeyFilePassword)
        let verifiesClients = reader.boolean(.tlsVerifyClient) ?? false
        let issuers = reader.path(.tlsCAFile)
        (certificateFile, keyFile) = (certificate ?? "", key ?? "")
        clientIssuersFile = verifiesClients ? issuers : nil
        guard isEnabledForHTTP || isEnabledForGRPC else { return }
        Self.require(certificate, .tlsCertFile, "TLS is enabled", &reader)
        Self.require(key, .tlsKeyFile, "TLS is enabled", &reader)
        if verifiesClients { Self.require(issuers, .tlsCAFile, "PHOENIX_TLS_VERIFY_CLIENT is set", &reader) }
    }

    private static func require(
        _ path: String?, _ variable: Variable, _ reason: String, _ reader: inout SettingsReader
    ) {
        guard let path else {
            reader.complain(variable, "is not set, but \(reason)", remedy: "set it to the path of a PEM file")
            return
        }
        guard !reader.files.isReadable(path) else { return }
        reader.complain(variable, "is no readable file", remedy: "set it to the path of a PEM file")
    }
}
