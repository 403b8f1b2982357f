import Compression
import Crypto
import Domain
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import ServiceRuntime

/// The browser application's files, read once at the start and served from memory, compressed once too.
struct WebFiles: Sendable {
    fileprivate struct File: Sendable {
        var bytes: [UInt8]
        var compressed: [UInt8]?
        var contentType: String
        var tag: String
        /// Its name changes with its content, so browsers may keep it for ever.
        var isImmutable: Bool
    }

    private static let contentTypes = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "json": "application/json",
        "map": "application/json", "woff2": "font/woff2", "txt": "text/plain; charset=utf-8",
    ]

    private let files: [String: File]

    /// Takes the folder `root`, or else `web` beside the executable or in `../share/bennu`. Throws `StartFailure` where
    /// there is no page.
    init(root: String?, page: PageConfig) throws {
        let candidates = root.map { [$0] } ?? Self.usualFolders
        guard let folder = candidates.first(where: { FileManager.default.fileExists(atPath: "\($0)/index.html") })
        else {
            throw StartFailure(
                "the browser application is not at \(candidates.joined(separator: " or ")); run make web, or set "
                    + "BENNU_WEB_ROOT to its folder", .configuration)
        }
        var files: [String: File] = [:]
        for path in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
            guard let type = Self.contentTypes[(path as NSString).pathExtension],
                let data = FileManager.default.contents(atPath: "\(folder)/\(path)")
            else { continue }
            let bytes = path == "index.html" ? page.fill(data) : Array(data)
            files[path] = File(bytes, contentType: type, isImmutable: Self.isHashed(path))
        }
        self.files = files
    }

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/") { request, _ in try answer("index.html", request) }
        router.get("/**") { request, _ in
            let path = String(request.uri.path.dropFirst())
            // Any other path is a page of the application, which knows itself what it shows there.
            return try answer(files[path] == nil ? "index.html" : path, request)
        }
    }

    private func answer(_ path: String, _ request: Request) throws -> Response {
        guard let file = files[path] else { throw APIError.notFound("Not Found") }
        var headers: HTTPFields = [
            .contentType: file.contentType, .eTag: file.tag, .vary: "Accept-Encoding",
            .cacheControl: file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        if path == "index.html" { headers.addPageProtection() }
        if request.headers.haveTag(file.tag) { return Response(status: .notModified, headers: headers) }
        var bytes = file.bytes
        if let compressed = file.compressed, AcceptEncoding.takesGzip(request.headers) {
            bytes = compressed
            headers[.contentEncoding] = "gzip"
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static var usualFolders: [String] {
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = (executable as NSString).deletingLastPathComponent
        return ["\(folder)/web", "\((folder as NSString).deletingLastPathComponent)/share/bennu/web"]
    }

    /// `app-4F2A9C.js`: a name with its content's hash.
    private static func isHashed(_ path: String) -> Bool {
        let name = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        guard let dash = name.lastIndex(of: "-") else { return false }
        let hash = name[name.index(after: dash)...]
        return hash.count >= 8 && hash.allSatisfy { $0.isLetter || $0.isNumber }
    }
}

extension WebFiles.File {
    fileprivate init(_ bytes: [UInt8], contentType: String, isImmutable: Bool) {
        let packed = bytes.withUnsafeBytes { gzip($0) }
        self.init(
            bytes: bytes, compressed: packed.count < bytes.count ? packed : nil, contentType: contentType,
            tag: "\"\(Hex.encode(SHA256.hash(data: bytes).prefix(12)))\"", isImmutable: isImmutable)
    }
}

extension HTTPFields {
    /// Whether `If-None-Match` names this tag or all; it compares weakly, since proxies that compress weaken tags
    /// (RFC 9110, section 13.1.2).
    fileprivate func haveTag(_ tag: String) -> Bool {
        (self[.ifNoneMatch] ?? "").split(separator: ",").contains { listed in
            let listed = listed.trimmingPrefix { $0 == " " }
            return listed == "*" || listed.trimmingPrefix("W/") == tag
        }
    }

    /// What a page may load and who may frame it (Content Security Policy Level 3): only our own files, and nobody.
    fileprivate mutating func addPageProtection() {
        self[.contentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            + "connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
        for (name, value) in [("referrer-policy", "same-origin"), ("x-frame-options", "DENY")] {
            if let name = HTTPField.Name(name) { self[name] = value }
        }
    }
}
