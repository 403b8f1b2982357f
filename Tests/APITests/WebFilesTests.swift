import Compression
import Foundation
import HTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceRuntime
import Settings
import Testing

@testable import bennu_api

@Suite("Web files")
struct WebFilesTests {
    private static let page = """
        <!doctype html><base href="/"><script type="application/json" id="bennu-config">{"rootPath":"","version":""}\
        </script>
        """
    private static let script = String(repeating: "console.log('bennu');\n", count: 100)

    private func withFiles(rootPath: String = "", _ body: @Sendable (any TestClientProtocol) async throws -> Void)
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let assets = folder.appendingPathComponent("assets")
        try FileManager.default.createDirectory(at: assets, withIntermediateDirectories: true)
        try Data(Self.page.utf8).write(to: folder.appendingPathComponent("index.html"))
        try Data(Self.script.utf8).write(to: assets.appendingPathComponent("app-4F2A9C1B.js"))
        try Data(Self.script.utf8).write(to: folder.appendingPathComponent("plain.js"))
        try Data("secret".utf8).write(to: folder.appendingPathComponent("notes.key"))
        let router = Router()
        try WebFiles(root: folder.path, page: Self.page(rootPath)).add(to: router)
        try await Application(responder: RootPath(rootPath, before: router.buildResponder())).test(.router, body)
    }

    private static func page(_ rootPath: String, _ variables: [String: String] = [:]) throws -> PageConfig {
        let root = rootPath.isEmpty ? [:] : ["PHOENIX_HOST_ROOT_PATH": rootPath]
        return PageConfig(
            try Settings(Environment(["HOME": "/home/ada"].merging(root) { $1 }.merging(variables) { $1 })))
    }

    @Test("the page says how people sign in, and nothing secret")
    func signIn() throws {
        let secret = String(repeating: "a1", count: 16)
        let config = try Self.page(
            "",
            [
                "PHOENIX_ENABLE_AUTH": "true", "PHOENIX_SECRET": secret, "PHOENIX_DISABLE_BASIC_AUTH": "true",
                "PHOENIX_OAUTH2_DEX_CLIENT_ID": "bennu", "PHOENIX_OAUTH2_DEX_CLIENT_SECRET": "hidden-\(secret)",
                "PHOENIX_OAUTH2_DEX_OIDC_CONFIG_URL": "https://dex.example/.well-known/openid-configuration",
                "PHOENIX_OAUTH2_DEX_DISPLAY_NAME": "</script>",
            ])
        let page = String(decoding: config.fill(Data(Self.page.utf8)), as: UTF8.self)
        #expect(page.contains(#""hasPasswords":false,"hasLDAP":false,"hasMail":false"#))
        #expect(page.contains(#"{"id":"dex","name":"\u003c/script>","isAutomatic":false}"#))
        #expect(!page.contains(secret))
        let open = String(decoding: try Self.page("").fill(Data(Self.page.utf8)), as: UTF8.self)
        #expect(!open.contains("authentication"))
    }

    private func get(
        _ client: any TestClientProtocol, _ path: String, _ headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        try await client.execute(uri: path, method: .get, headers: headers)
    }

    @Test("the page says where it is and which release it belongs to")
    func page() async throws {
        try await withFiles(rootPath: "/obs") { client in
            let text = try await get(client, "/obs/").text
            #expect(text.contains(#"<base href="/obs/">"#))
            #expect(text.contains(#"{"rootPath":"/obs","version":""#))
            #expect(!text.contains(#""version":"""#))
        }
        try await withFiles { client in
            let text = try await get(client, "/").text
            #expect(text.contains(#"<base href="/">"#))
            #expect(text.contains(#"{"rootPath":"","version":""#))
        }
    }

    @Test("the page may load our own files only and nobody may frame it")
    func protection() async throws {
        try await withFiles { client in
            let headers = try await get(client, "/").headers
            #expect(headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
            #expect(headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
            #expect(headers[try #require(HTTPField.Name("x-frame-options"))] == "DENY")
        }
    }

    @Test("a path that is no file is a page of the application, and files of unknown types are not served")
    func unknownPath() async throws {
        try await withFiles { client in
            let page = try await get(client, "/").text
            for path in ["/projects/UHJvamVjdDox/traces/abc", "/login", "/notes.key", "/../etc/passwd"] {
                let response = try await get(client, path)
                #expect(response.status == .ok, "\(path)")
                #expect(response.headers[.contentType] == "text/html; charset=utf-8", "\(path)")
                #expect(response.text == page, "\(path)")
            }
        }
    }

    @Test("files named after their content may be kept for ever, others are asked for again")
    func caching() async throws {
        try await withFiles { client in
            let hashed = try await get(client, "/assets/app-4F2A9C1B.js")
            #expect(hashed.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(hashed.headers[.contentType] == "text/javascript; charset=utf-8")
            #expect(hashed.text == Self.script)
            for path in ["/plain.js", "/"] {
                #expect(try await get(client, path).headers[.cacheControl] == "no-cache")
            }
        }
    }

    @Test("who has a file already is told so, also by a weakened tag, in a list or for any tag")
    func tags() async throws {
        try await withFiles { client in
            let tag = try #require(try await get(client, "/plain.js").headers[.eTag])
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let response = try await get(client, "/plain.js", [.ifNoneMatch: known])
                #expect(response.status == .notModified, "\(known)")
                #expect(response.headers[.eTag] == tag)
                #expect(response.body.readableBytes == 0)
            }
            for unknown in ["\"other\"", String(tag.dropLast(2)) + "\""] {
                #expect(try await get(client, "/plain.js", [.ifNoneMatch: unknown]).status == .ok, "\(unknown)")
            }
        }
    }

    @Test("who takes gzip gets the compressed file, who does not the plain one")
    func compression() async throws {
        try await withFiles { client in
            let packed = try await get(client, "/plain.js", [.acceptEncoding: "br, gzip"])
            #expect(packed.headers[.contentEncoding] == "gzip")
            #expect(packed.headers[.vary] == "Accept-Encoding")
            let plain = try Array(buffer: packed.body).withUnsafeBytes { try decompress($0, .gzip, limit: 1 << 20) }
            #expect(String(decoding: plain, as: UTF8.self) == Self.script)
            for refused in ["", "br", "gzip;q=0"] {
                let response = try await get(client, "/plain.js", [.acceptEncoding: refused])
                #expect(response.headers[.contentEncoding] == nil)
                #expect(response.text == Self.script)
            }
        }
    }

    @Test("a folder without the page is a failure to start that names it")
    func noPage() {
        let error = #expect(throws: StartFailure.self) { try WebFiles(root: "/no/such/folder", page: Self.page("")) }
        #expect(error.map { "\($0)" }?.contains("/no/such/folder") == true)
    }
}

@Suite("Root path")
struct RootPathTests {
    private func seenPath(_ uri: String, root: String) async throws -> String {
        let router = Router()
        for path in ["/", "/**"] { router.get("\(path)") { request, _ in request.uri.string } }
        return try await Application(responder: RootPath(root, before: router.buildResponder())).test(.router) {
            try await $0.execute(uri: uri, method: .get).text
        }
    }

    @Test(
        "requests arrive with or without the root path",
        arguments: [
            ("/obs", "/obs/v1/projects?limit=1", "/v1/projects?limit=1"), ("/obs", "/v1/projects", "/v1/projects"),
            ("/obs", "/obs", "/"), ("/obs", "/obs/", "/"), ("/obs", "/obs?a=b", "/?a=b"),
            ("/obs", "/observe", "/observe"), ("/a/b", "/a/b/c", "/c"), ("/a/b", "/a/c", "/a/c"),
            ("", "/v1/projects", "/v1/projects"),
        ])
    func paths(root: String, uri: String, seen: String) async throws {
        #expect(try await seenPath(uri, root: root) == seen)
    }
}
