import Domain

/// Why a request over the bus has no answer.
public enum BusError: Error, Equatable, Sendable {
    /// No running instance of that kind is known, after the directory was asked just now.
    case noPeer(ServiceKind)
    /// The request may or may not have been carried out.
    case timedOut
    /// The other side refused, or its handler threw; a handler that throws `.remote` chooses the text.
    case remote(String)
    /// The bus has stopped, or stopped while the request was under way.
    case closed
    /// The encoded message is larger than the bus carries.
    case tooLarge(bytes: Int)
    /// Too many requests of this process wait for their answers; nothing was sent.
    case overloaded
    /// The answer is not what the request's type says.
    case malformedReply
    /// The sockets cannot be opened: what was tried, and why it failed.
    case transport(String)
}
