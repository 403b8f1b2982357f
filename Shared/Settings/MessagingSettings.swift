import Domain

/// How the services of this deployment reach each other.
public enum MessagingSettings: Sendable, Equatable {
    /// Unix sockets in a folder of this user's own.
    case ipc(directory: String)
    /// Encrypted TCP. `advertisedHost` is the name or address by which other hosts reach this one; nil for its host name.
    /// The keys are derived from `secret`, which all services share.
    case tcp(host: String, advertisedHost: String?, secret: Secret)
}

extension MessagingSettings {
    init(_ reader: inout SettingsReader, host: String, workingDirectory: String, secret: Secret?) {
        let transport = reader.choice(.messaging)
        let advertised = reader.host(.messagingHost)
        let clusterSecret = reader.signingSecret(.clusterSecret)
        self = .ipc(directory: "\(workingDirectory)/run")
        guard transport == "tcp" else { return }
        guard let shared = clusterSecret ?? secret else {
            let isGiven = [Variable.clusterSecret, .secret].contains { reader.environment[$0.name] != nil }
            // A secret that is there but unfit has been complained about.
            if !isGiven {
                reader.complain(
                    .clusterSecret, "is not set",
                    remedy: "BENNU_MESSAGING=tcp needs it or PHOENIX_SECRET; try the output of `openssl rand -hex 32`")
            }
            return
        }
        self = .tcp(host: host, advertisedHost: advertised, secret: shared)
    }
}
