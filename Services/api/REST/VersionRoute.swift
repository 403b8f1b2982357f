import Domain
import Hummingbird

/// `/arize_phoenix_version`: what Phoenix's clients ask first.
struct VersionRoute {
    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/arize_phoenix_version") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: PhoenixVersion.text)))
        }
    }
}
