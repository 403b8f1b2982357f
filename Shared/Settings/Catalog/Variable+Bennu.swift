/// Bennu's own variables.
extension Variable {
    static let collectorHTTPPort = Variable(
        "BENNU_COLLECTOR_HTTP_PORT", .port, default: "4318", readers: [.collector, .api, .launcher])
    static let authHost = Variable("BENNU_AUTH_HOST", .host, readers: [.auth, .launcher])
    static let authPort = Variable("BENNU_AUTH_PORT", .port, default: "6007", readers: [.auth, .api, .launcher])
    static let mailerHost = Variable("BENNU_MAILER_HOST", .host, default: "127.0.0.1", readers: [.mailer, .launcher])
    static let mailerPort = Variable("BENNU_MAILER_PORT", .port, default: "6008", readers: [.mailer, .launcher])
    static let metricsPort = Variable("BENNU_METRICS_PORT", .port, default: "9090")
    static let authURL = Variable("BENNU_AUTH_URL", .url, readers: .api)
    static let collectorURL = Variable("BENNU_COLLECTOR_URL", .url, readers: .api)
    static let localSockets = Variable("BENNU_LOCAL_SOCKETS", .path, readers: [.collector, .api, .auth])
    static let webRoot = Variable("BENNU_WEB_ROOT", .path, readers: .api)
    static let requestBytesMax = Variable(
        "BENNU_MAX_REQUEST_BYTES", .byteCount(1024...2_147_483_647), default: "64MiB", readers: [.collector, .api])
    static let ingestQueueBytes = Variable(
        "BENNU_INGEST_QUEUE_BYTES", .byteCount(1_048_576...1_099_511_627_776), default: "128MiB",
        readers: .collector)
    static let spoolBytes = Variable(
        "BENNU_SPOOL_BYTES", .byteCount(0...1_099_511_627_776), default: "1GiB", readers: .collector)
    static let projectQuota = Variable(
        "BENNU_PROJECT_BYTES_PER_SECOND", .byteCount(0...1_099_511_627_776), default: "0", readers: .collector)
    static let projectQuotas = Variable("BENNU_PROJECT_QUOTAS", .text, readers: .collector)
    static let annotationWaitHours = Variable(
        "BENNU_ANNOTATION_WAIT_HOURS", .integer(0...8760), default: "24", readers: .api)
    static let messaging = Variable("BENNU_MESSAGING", .choice(["ipc", "tcp"]), default: "ipc", readers: .services)
    static let messagingHost = Variable("BENNU_MESSAGING_HOST", .host, readers: .services)
    static let clusterSecret = Variable("BENNU_CLUSTER_SECRET", .signingSecret, readers: .services)
    static let supervised = Variable("BENNU_SUPERVISED", .choice(["0", "1"]), default: "0", readers: .services)

    static let bennu = [
        collectorHTTPPort, authHost, authPort, mailerHost, mailerPort, metricsPort, authURL, collectorURL, localSockets,
        webRoot, requestBytesMax, ingestQueueBytes, spoolBytes, projectQuota, projectQuotas, annotationWaitHours,
        messaging, messagingHost, clusterSecret, supervised,
    ]
}
