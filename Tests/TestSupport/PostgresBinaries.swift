import Foundation

/// The programs of a Postgres server that is installed on this machine, and as whom they can run: they refuse root.
struct PostgresBinaries: Sendable {
    let folder: String
    /// What goes before a command so that it runs as an unprivileged user; empty if we are one.
    let asServer: [String]

    struct NotFound: Error, CustomStringConvertible {
        let description: String
    }

    static func find() throws -> PostgresBinaries {
        guard let folder = folders().first(where: { isExecutable($0 + "/initdb") && isExecutable($0 + "/postgres") })
        else {
            throw NotFound(
                description: "tests need a Postgres server: install postgresql-15, or put initdb on the PATH")
        }
        return PostgresBinaries(folder: folder, asServer: try unprivileged())
    }

    func path(_ program: String) -> String { "\(folder)/\(program)" }

    private static func folders() -> [String] {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let debian = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let configured = path.map { $0 + "/pg_config" }.first(where: isExecutable)
            .flatMap { try? Command.output([$0, "--bindir"]) }
        return [configured].compactMap { $0 } + debian + path
    }

    private static func unprivileged() throws -> [String] {
        guard geteuid() == 0 else { return [] }
        let user = getpwnam("postgres") != nil ? "postgres" : "nobody"
        guard let entry = getpwnam(user) else { throw NotFound(description: "there is no user to run Postgres as") }
        if let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].first(where: isExecutable) {
            let (userID, groupID) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
            return [setpriv, "--reuid=\(userID)", "--regid=\(groupID)", "--clear-groups", "--"]
        }
        if let runuser = ["/usr/sbin/runuser", "/sbin/runuser"].first(where: isExecutable) {
            return [runuser, "-u", user, "--"]
        }
        throw NotFound(description: "Postgres refuses to run as root, and neither setpriv nor runuser is there")
    }

    private static func isExecutable(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: path)
    }
}
