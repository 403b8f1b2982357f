import Foundation
import GRPCCore
import NIOHPACK

extension HPACKHeaders {
    private static let messageCharacters = CharacterSet(charactersIn: " "..."~").subtracting(
        CharacterSet(charactersIn: "%"))

    /// An answer that consists of trailers alone (gRPC over HTTP/2, "Responses": Trailers-Only).
    init(trailersOnly error: RPCError) {
        self.init([
            (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", String(error.code.rawValue)),
            ("grpc-message", error.message.addingPercentEncoding(withAllowedCharacters: Self.messageCharacters) ?? ""),
        ])
        for (key, value) in error.metadata {
            switch value {
            case .string(let text): add(name: key, value: text)
            case .binary(let bytes): add(name: key, value: Data(bytes).base64EncodedString())
            }
        }
    }
}
