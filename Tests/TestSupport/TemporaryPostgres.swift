import Database
import Domain
import Foundation
import Logging
import Synchronization

/// A Postgres server of the tests' own, in a temporary folder, on a socket there and on a free port of loopback.
///
/// A shell that waits for the end of a pipe stops the server and removes the folder when this process ends, however it
/// ends.
public final class TemporaryPostgres: Sendable {
    public static let user = "bennu"
    /// Wanted over TCP; the socket lets everyone in.
    public static let password = "a secret: /?#@%"

    /// A TCP port of loopback, and the number in the socket's name.
    public let port: Int
    /// The folder of the server's socket; libpq takes it as `host`.
    public var socketFolder: String { folder }
    private let binaries: PostgresBinaries
    private let folder: String
    private let settings: [String]
    private let lifeline = Mutex<FileHandle?>(nil)

    /// One server for all tests of this process, started when it is first asked for. Its disk writes are not synced.
    public static func shared() async throws -> TemporaryPostgres {
        try await sharedServer.value
    }

    private static let sharedServer = Task {
        try await TemporaryPostgres.start(settings: ["fsync=off", "autovacuum=off", "max_connections=300"])
    }

    /// Starts a server for one test alone, which may stop and start it. `settings` are lines of `postgresql.conf`.
    ///
    /// With `tls`, it has a certificate for `localhost` that only `certificatePath` vouches for.
    public static func start(settings: [String] = [], tls: Bool = false) async throws -> TemporaryPostgres {
        let server = try await Command.onThread { try TemporaryPostgres(settings: settings, tls: tls) }
        try await server.startAgain()
        return server
    }

    private init(settings: [String], tls: Bool) throws {
        binaries = try PostgresBinaries.find()
        let template = FileManager.default.temporaryDirectory.appendingPathComponent("bennu-postgres-XXXXXX").path
        var name = Array(template.utf8CString)
        let made = name.withUnsafeMutableBufferPointer { name in
            name.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw Command.Failed(description: "no temporary folder can be made") }
        folder = made
        let tlsSettings = ["ssl=on", "ssl_cert_file=\(made)/server.crt", "ssl_key_file=\(made)/server.key"]
        self.settings = settings + (tls ? tlsSettings : [])
        port = try FreePort.find()
        let passwordFile = folder + "/password"
        try Data(Self.password.utf8).write(to: URL(fileURLWithPath: passwordFile))
        chmod(folder, 0o777)
        try Command.output(
            binaries.asServer + [
                binaries.path("initdb"), "-D", folder + "/data", "-U", Self.user, "--no-sync", "--no-locale",
                "--encoding=UTF8", "--auth-local=trust", "--auth-host=scram-sha-256", "--pwfile=\(passwordFile)",
            ])
        if tls { try makeCertificate() }
    }

    /// Of a server that was started with `tls`.
    public var certificatePath: String { folder + "/server.crt" }

    private func makeCertificate() throws {
        // As the server's own user: it refuses a key that belongs to another.
        try Command.output(
            binaries.asServer + [
                "/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                "-keyout", folder + "/server.key", "-out", certificatePath,
            ])
    }

    deinit {
        lifeline.withLock { try? $0?.close() }
    }

    /// Starts the server after `stop`, on the same folder and port, and waits until it lets us in.
    public func startAgain() async throws {
        try await Command.onThread { try self.launch() }
        let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let database = Database(location(database: "postgres"), logger: quiet)
        try await database.waitUntilReachable(logging: quiet, patience: .seconds(30))
        await database.close()
    }

    /// Ends the server at once, as a crash would, and waits for its end.
    public func stop() async throws {
        let processID = try serverProcessID()
        kill(processID, SIGQUIT)
        while FileManager.default.fileExists(atPath: processFile) { try await Task.sleep(for: .milliseconds(10)) }
        closeLifeline()
    }

    /// Freezes the server with all its connections, as a network that swallows everything would, until `resume`.
    public func pause() async throws { try await signalAll(SIGSTOP) }

    public func resume() async throws { try await signalAll(SIGCONT) }

    private func signalAll(_ signal: Int32) async throws {
        let server = try serverProcessID()
        let children = (try? await Command.run(["/usr/bin/env", "pgrep", "-P", "\(server)"])) ?? ""
        for processID in [server] + children.split(separator: "\n").compactMap({ Int32($0) }) {
            kill(processID, signal)
        }
    }
}

// MARK: - Databases

extension TemporaryPostgres {
    /// Makes an empty database and returns its name.
    public func makeDatabase() async throws -> String {
        let name = "test_\(UInt64.random(in: 1...UInt64.max))"
        try await Command.run([binaries.path("createdb")] + connection + [name])
        return name
    }

    /// Drops a database, ending the connections to it.
    public func dropDatabase(_ name: String) async throws {
        try await Command.run([binaries.path("dropdb")] + connection + ["--force", name])
    }

    /// A database of this server, over its socket.
    public func location(database: String, schema: String? = nil) -> DatabaseLocation {
        .postgres(
            PostgresParameters(
                host: socketFolder, port: port, user: Self.user, password: nil, database: database, schema: schema))
    }

    /// The same over TCP, with the password, as it is written into `PHOENIX_SQL_DATABASE_URL`.
    public func url(database: String) -> String {
        "postgresql://\(Self.user):\(Self.encodedPassword)@127.0.0.1:\(port)/\(database)"
    }

    private static var encodedPassword: String {
        password.utf8.map { byte in
            byte < 0x80 && Character(UnicodeScalar(byte)).isLetter
                ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true)
        }.joined()
    }

    private var connection: [String] { ["-h", socketFolder, "-p", "\(port)", "-U", Self.user] }
}

// MARK: - The process

extension TemporaryPostgres {
    private var logPath: String { folder + "/log" }
    /// The server removes it when it ends.
    private var processFile: String { folder + "/data/postmaster.pid" }

    /// Keeps a shell between us and the server. The shell ends the server when its standard input ends, that is when
    /// this process has; it must survive an interrupt that is meant for all of us.
    private func launch() throws {
        closeLifeline()
        let script = """
            trap '' INT TERM HUP
            "$@" </dev/null >>'\(logPath)' 2>&1 &
            server=$!
            read -r line
            kill -QUIT $server 2>/dev/null
            for attempt in 1 2 3 4 5 6 7 8 9 10; do [ -e '\(processFile)' ] && sleep 0.1; done
            [ "$line" = keep ] || rm -rf '\(folder)'
            """
        let options = settings + ["listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=\(folder)"]
        let server =
            binaries.asServer + [binaries.path("postgres"), "-D", folder + "/data"] + options.flatMap { ["-c", $0] }
        let (reading, writing) = try Self.pipe()
        _ = try ChildProcess(["/bin/sh", "-c", script, "postgres"] + server, input: reading.fileDescriptor)
        try reading.close()
        lifeline.withLock { $0 = writing }
    }

    /// Of the server only: nothing else that we start may hold the writing end open.
    private static func pipe() throws -> (reading: FileHandle, writing: FileHandle) {
        var ends: [Int32] = [0, 0]
        guard Foundation.pipe(&ends) == 0 else { throw Command.Failed(description: "no pipe can be made") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (
            FileHandle(fileDescriptor: ends[0], closeOnDealloc: true),
            FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        )
    }

    private func closeLifeline() {
        lifeline.withLock { lifeline in
            // The shell of a server that was stopped for a while must leave the folder alone.
            try? lifeline?.write(contentsOf: Data("keep\n".utf8))
            try? lifeline?.close()
            lifeline = nil
        }
    }

    private func serverProcessID() throws -> Int32 {
        let text = try String(contentsOfFile: processFile, encoding: .utf8)
        guard let processID = text.split(separator: "\n").first.flatMap({ Int32($0) }) else {
            throw Command.Failed(description: "the server does not run")
        }
        return processID
    }
}
