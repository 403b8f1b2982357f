import Domain

/// How the services of a deployment reach each other.
public enum BusTransport: Sendable {
    /// Unix sockets in a folder that only this user may enter; it is made if it is missing. Where the path is too long
    /// for a socket, a folder below the temporary directory, named by a hash of this one, takes its place.
    case ipc(directory: String)
    /// Encrypted and authenticated TCP on ports that the system chooses: `host` is the address to listen on (`0.0.0.0`,
    /// `::` and `*` mean all), `advertised` the address or name by which other hosts reach this one.
    case tcp(host: String, advertised: String, keys: CurveKeys)
}
