import CPostgres
import Domain
import Foundation
import Logging

extension PostgresSocket {
    /// Connects to the first of the hosts' addresses that lets us in, as libpq does, with a time limit for each.
    ///
    /// Throws `unavailable` for what may heal by itself, and `failed` where the server has answered that it never will
    /// (a wrong password, an unknown database).
    static func connect(
        to parameters: PostgresParameters, options: DatabaseOptions, logger: Logger
    ) throws -> PostgresSocket {
        var failure: DatabaseError?
        for attempt in PostgresConnector.attempts(parameters) {
            do {
                let connector = PostgresConnector(parameters: parameters, options: options, attempt: attempt)
                return PostgresSocket(try connector.connect(), logger: logger)
            } catch let error as DatabaseError {
                // The first host that answered has the most to say.
                if failure == nil || failure?.isRetryable == true { failure = error }
            }
        }
        throw failure ?? .unavailable("there is no host to connect to")
    }
}

/// One attempt to connect to one address.
struct PostgresConnector {
    /// Which of several hosts, as values that go over the parameters.
    typealias Attempt = [String: String]

    let parameters: PostgresParameters
    let options: DatabaseOptions
    let attempt: Attempt

    func connect() throws -> OpaquePointer {
        let deadline = ContinuousClock.now + connectTime
        guard let connection = start() else { throw DatabaseError.unavailable("out of memory") }
        // For the SQLSTATE, which libpq tells of a refusal only within its longest text.
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            let isReady = status != PGRES_POLLING_FAILED && wait(for: status, connection, until: deadline)
            guard isReady else {
                let failure = failure(of: connection, isLate: status != PGRES_POLLING_FAILED)
                PQfinish(connection)
                throw failure
            }
            status = PQconnectPoll(connection)
        }
        PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
        return connection
    }

    private var connectTime: Duration {
        // libpq: zero and less mean for ever, and one second is too short.
        guard let seconds = parameters.values["connect_timeout"].flatMap(Int.init), seconds > 0 else {
            return options.connectTime
        }
        return .seconds(max(seconds, 2))
    }

    private func start() -> OpaquePointer? {
        var values = [
            "fallback_application_name": options.applicationName,
            "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3",
            "tcp_user_timeout": "30000",
        ]
        values.merge(parameters.values) { $1 }
        values.merge(attempt) { $1 }
        values["password"] = parameters.password?.revealed
        values["sslpassword"] = parameters.tlsKeyPassword?.revealed
        values["client_encoding"] = "UTF8"
        let used = values.filter { PostgresParameters.keywords.contains($0.key) }
        let keywords = used.keys.map { strdup($0) }
        let texts = used.values.map { strdup($0) }
        defer { for text in keywords + texts { free(text) } }
        let constantKeywords = keywords.map { $0.map { UnsafePointer($0) } } + [nil]
        let constantTexts = texts.map { $0.map { UnsafePointer($0) } } + [nil]
        return PQconnectStartParams(constantKeywords, constantTexts, 0)
    }

    /// False when the time is over.
    private func wait(
        for status: PostgresPollingStatusType, _ connection: OpaquePointer, until deadline: ContinuousClock.Instant
    ) -> Bool {
        let events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT
        while true {
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard remaining > .zero, PQstatus(connection) != CONNECTION_BAD else { return false }
            var descriptor = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
            let count = poll(&descriptor, 1, remaining.wholeMilliseconds)
            if count > 0 { return true }
            guard count == 0 || errno == EINTR else { return false }
        }
    }

    private func failure(of connection: OpaquePointer, isLate: Bool) -> DatabaseError {
        let isBad = PQstatus(connection) == CONNECTION_BAD
        guard !isLate || isBad else {
            return .unavailable("\(parameters) did not answer within \(connectTime)")
        }
        return Self.failure(text: String(cString: PQerrorMessage(connection)))
    }

    /// Out of libpq's text: `connection to server at "…" failed: FATAL:  28P01: password authentication failed …`. Two
    /// spaces tell the SQLSTATE from the severity, which may have five letters too.
    static func failure(text: String) -> DatabaseError {
        let line = text.trimmedLine
        guard let match = line.firstMatch(of: #/:  ([0-9A-Z]{5}): /#) else { return .unavailable(line) }
        let message = line.replacingCharacters(in: match.range, with: ": ")
        // A server that cannot even begin a session (`XX000: could not write init file`, on a full disk) may later; what is
        // wrong with the settings will still be.
        if ["53", "58", "XX"].contains(match.1.prefix(2)) { return .unavailable(message) }
        return DatabaseError(sqlState: String(match.1), message: message)
    }
}

// MARK: - Hosts and addresses

extension PostgresConnector {
    /// Every address of every host, in order; for `prefer-standby` the standbys first, then whatever there is.
    static func attempts(_ parameters: PostgresParameters) -> [Attempt] {
        let addresses = addresses(parameters)
        guard parameters.values["target_session_attrs"] == "prefer-standby" else { return addresses }
        let standbys = addresses.map { $0.merging(["target_session_attrs": "standby"]) { $1 } }
        return standbys + addresses.map { $0.merging(["target_session_attrs": "any"]) { $1 } }
    }

    private static func addresses(_ parameters: PostgresParameters) -> [Attempt] {
        let values = parameters.values
        let hosts = list(values["host"])
        let addresses = list(values["hostaddr"])
        let count = max(hosts.count, addresses.count)
        // A service's file, or libpq's own default, names the host.
        guard count > 0 else { return [[:]] }
        let ports = list(values["port"])
        return (0..<count).flatMap { index -> [Attempt] in
            var attempt: Attempt = [:]
            if index < hosts.count { attempt["host"] = hosts[index] }
            if index < addresses.count { attempt["hostaddr"] = addresses[index] }
            if !ports.isEmpty {
                attempt["port"] = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            }
            guard let host = attempt["host"], attempt["hostaddr"] == nil else { return [attempt] }
            return resolved(host).map { attempt.merging(["hostaddr": $0]) { $1 } }.nonEmpty ?? [attempt]
        }
    }

    private static func list(_ value: String?) -> [String] {
        guard let value, !value.isEmpty else { return [] }
        return value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    /// Empty where there is nothing to choose from: a socket's folder, one address, or none, which libpq then reports.
    private static func resolved(_ host: String) -> [String] {
        guard !host.isEmpty, host.first != "/", host.first != "@" else { return [] }
        var hints = addrinfo()
        #if canImport(Darwin)
            hints.ai_socktype = SOCK_STREAM
        #else
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #endif
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        let addresses = sequence(first: first, next: { $0?.pointee.ai_next }).compactMap { $0.flatMap(numeric) }
        return addresses.count > 1 ? addresses : []
    }

    private static func numeric(_ entry: UnsafeMutablePointer<addrinfo>) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { name in
            let status = getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, name.baseAddress, socklen_t(name.count), nil, 0,
                NI_NUMERICHOST)
            guard status == 0, let start = name.baseAddress else { return nil }
            return String(cString: start)
        }
    }
}

extension Array {
    fileprivate var nonEmpty: Self? { isEmpty ? nil : self }
}
