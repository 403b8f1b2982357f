import CCurl
import Foundation

/// One attempt to hand one mail to a server, in one way. Used by one thread, which `run` blocks.
final class CurlTransfer {
    private static let isGlobalSetUp: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private let server: SMTPServer
    private let encryption: SMTPServer.Encryption
    private let limits: SMTPSender.TimeLimits
    private let message: MailMessage
    private let isStopping: () -> Bool
    private let beforeContent: () -> Bool
    private let start = ContinuousClock.now
    private var position = 0
    private var hasBegunContent = false
    private var isWithheld = false
    private let curl: UnsafeMutableRawPointer?
    /// The server's last lines, newest last.
    private var answers: [String] = []

    init(
        server: SMTPServer, encryption: SMTPServer.Encryption, limits: SMTPSender.TimeLimits, message: MailMessage,
        isStopping: @escaping () -> Bool, beforeContent: @escaping () -> Bool
    ) {
        self.server = server
        self.encryption = encryption
        self.limits = limits
        self.message = message
        self.isStopping = isStopping
        self.beforeContent = beforeContent
        curl = Self.isGlobalSetUp ? curl_easy_init() : nil
    }

    deinit {
        curl_easy_cleanup(curl)
    }

    /// Nothing was refused in words: the server does not speak this way.
    private(set) var mayTryAnotherWay = false

    /// The server's answer to the mail.
    func run() -> Result<String, SMTPFailure> {
        guard let curl else { return .failure(failure(.connection, "libcurl cannot be set up")) }
        let recipients = curl_slist_append(nil, "<\(message.recipient.address)>")
        defer { curl_slist_free_all(recipients) }
        var errorText = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        return errorText.withUnsafeMutableBufferPointer { buffer in
            bennu_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, buffer.baseAddress)
            bennu_curl_set_list(curl, CURLOPT_MAIL_RCPT, recipients)
            configure(curl)
            setCallbacks(curl)
            let code = curl_easy_perform(curl)
            // It points into memory that is about to go.
            bennu_curl_set_pointer(curl, CURLOPT_ERRORBUFFER, nil)
            if code == CURLE_OK { return .success(answers.last ?? "") }
            let text = buffer.baseAddress.map { String(cString: $0) } ?? ""
            return .failure(
                explain(
                    code, text.isEmpty ? String(cString: curl_easy_strerror(code)) : text,
                    response: bennu_curl_response_code(curl)))
        }
    }

    private func configure(_ curl: UnsafeMutableRawPointer) {
        bennu_curl_set_text(curl, CURLOPT_URL, server.url(encryption))
        bennu_curl_set_text(curl, CURLOPT_MAIL_FROM, "<\(message.sender.address)>")
        bennu_curl_set_long(curl, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
        bennu_curl_set_long(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        bennu_curl_set_long(curl, CURLOPT_SSL_VERIFYPEER, server.validatesCertificates ? 1 : 0)
        bennu_curl_set_long(curl, CURLOPT_SSL_VERIFYHOST, server.validatesCertificates ? 2 : 0)
        if let issuers = server.issuersFile { bennu_curl_set_text(curl, CURLOPT_CAINFO, issuers) }
        if let credentials = server.credentials {
            bennu_curl_set_text(curl, CURLOPT_USERNAME, credentials.username)
            bennu_curl_set_text(curl, CURLOPT_PASSWORD, credentials.password.revealed)
            // The connection is encrypted, and these are what every provider takes.
            bennu_curl_set_text(curl, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
        }
        bennu_curl_set_long(curl, CURLOPT_CONNECTTIMEOUT, limits.connect)
        bennu_curl_set_long(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, limits.answer)
        bennu_curl_set_long(curl, CURLOPT_TIMEOUT, limits.whole)
        // Signals would reach whatever thread there is.
        bennu_curl_set_long(curl, CURLOPT_NOSIGNAL, 1)
        // A proxy of the environment's is for HTTP.
        bennu_curl_set_text(curl, CURLOPT_PROXY, "")
        bennu_curl_set_long(curl, CURLOPT_UPLOAD, 1)
        bennu_curl_set_long(curl, CURLOPT_NOPROGRESS, 0)
        bennu_curl_set_long(curl, CURLOPT_VERBOSE, 1)
    }

    /// libcurl calls them on this thread, within `run`.
    private func setCallbacks(_ curl: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        bennu_curl_set_reader(
            curl,
            { buffer, size, count, context in
                guard let buffer, let context else { return Int(CURL_READFUNC_ABORT) }
                return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
                    .read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
            }, context)
        bennu_curl_set_progress(
            curl,
            { context, _, _, _, _ in
                guard let context else { return 1 }
                return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().isToEnd ? 1 : 0
            }, context)
        bennu_curl_set_debug(
            curl,
            { _, type, text, count, context in
                // Only what the server says: what we say has the password in it.
                guard type == CURLINFO_HEADER_IN, let text, let context else { return 0 }
                let line = String(decoding: UnsafeRawBufferPointer(start: text, count: count), as: UTF8.self)
                Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue().heard(line)
                return 0
            }, context)
    }

    private var isToEnd: Bool { !hasBegunContent && (isStopping() || isLate) }

    private var isLate: Bool { ContinuousClock.now - start > .seconds(limits.approach) }

    /// The server is ready for the content, or for more of it.
    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if !hasBegunContent {
            guard !isStopping(), beforeContent() else {
                isWithheld = true
                return Int(CURL_READFUNC_ABORT)
            }
            hasBegunContent = true
            bennu_curl_set_long(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, limits.verdict)
        }
        let count = min(buffer.count, message.bytes.count - position)
        buffer.copyBytes(from: message.bytes[position..<position + count])
        position += count
        return count
    }

    private func heard(_ line: String) {
        let clean = line.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !clean.isEmpty else { return }
        answers = answers.suffix(3) + [String(clean.prefix(300))]
    }
}

// MARK: - Failures

extension CurlTransfer {
    private func explain(_ code: CURLcode, _ text: String, response: Int) -> SMTPFailure {
        if isWithheld || (code == CURLE_ABORTED_BY_CALLBACK && isStopping()) {
            return failure(.stopped, "it was not given to the server")
        }
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            return failure(.certificate, "the certificate of \(server.host) cannot be trusted (\(text))")
        case CURLE_LOGIN_DENIED:
            return failure(.signIn, "\(server.host) does not let us in\(said)")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT:
            return failure(.connection, "\(server.host):\(server.port) cannot be reached (\(text))")
        default: return explainTalk(code, text, response)
        }
    }

    private func explainTalk(_ code: CURLcode, _ text: String, _ response: Int) -> SMTPFailure {
        // An answer to the content, or none: a connection that breaks after it leaves the mail's fate open.
        let isAnswered = (400...599).contains(response)
        if isAnswered, code != CURLE_USE_SSL_FAILED, !isBroken(code) {
            // 530 and 538 ask for other settings, not for another mail.
            let isPermanent = response >= 500 && ![530, 534, 535, 538].contains(response)
            return failure(isPermanent ? .permanent : .temporary, "\(server.host) refused it\(said)")
        }
        mayTryAnotherWay = !hasBegunContent && (code == CURLE_USE_SSL_FAILED || answers.isEmpty)
        let reason =
            code == CURLE_USE_SSL_FAILED
            ? "\(server.host):\(server.port) offers no encryption"
            : "the talk with \(server.host):\(server.port) over \(encryption.rawValue) broke off (\(text))"
        return SMTPFailure(
            kind: .connection, reason: reason, isInDoubt: hasBegunContent && position == message.bytes.count)
    }

    private func isBroken(_ code: CURLcode) -> Bool {
        [CURLE_RECV_ERROR, CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING].contains { $0 == code }
    }

    private var said: String { answers.last.map { ": \($0)" } ?? "" }

    private func failure(_ kind: SMTPFailure.Kind, _ reason: String) -> SMTPFailure {
        SMTPFailure(kind: kind, reason: reason, isInDoubt: false)
    }
}
