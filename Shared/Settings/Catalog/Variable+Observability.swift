extension Variable {
    static let enablePrometheus = Variable(
        "PHOENIX_ENABLE_PROMETHEUS", .boolean, default: "false", readers: .services)
    static let tracesHTTPEndpoint = Variable(
        "PHOENIX_SERVER_INSTRUMENTATION_OTLP_TRACE_COLLECTOR_HTTP_ENDPOINT", .url, .notServed)
    static let tracesGRPCEndpoint = Variable(
        "PHOENIX_SERVER_INSTRUMENTATION_OTLP_TRACE_COLLECTOR_GRPC_ENDPOINT", .text, .notServed)
    static let loggingMode = Variable(
        "PHOENIX_LOGGING_MODE", .choice(["default", "structured"]), default: "default")
    static let loggingLevel = Variable("PHOENIX_LOGGING_LEVEL", .choice(LogLevel.names), default: "info")
    static let maskInternalErrors = Variable(
        "PHOENIX_MASK_INTERNAL_SERVER_ERRORS", .boolean, default: "true", readers: [.api, .auth])

    static let observability = [
        enablePrometheus, tracesHTTPEndpoint, tracesGRPCEndpoint, loggingMode, loggingLevel, maskInternalErrors,
    ]
}

/// What Phoenix has and Bennu does not, and what is for clients.
extension Variable {
    static let unserved = [
        "PHOENIX_DISABLE_AGENT_ASSISTANT", "PHOENIX_ALLOWED_PROVIDERS", "PHOENIX_ALLOWED_SANDBOX_PROVIDERS",
        "PHOENIX_WASM_BINARY_PATH", "PHOENIX_FASTAPI_MIDDLEWARE_PATHS", "PHOENIX_GQL_EXTENSION_PATHS",
        "PHOENIX_GRPC_INTERCEPTOR_PATHS", "PHOENIX_FULLSTORY_ORG", "PHOENIX_SCARF_SH_PIXEL_ID",
        "PHOENIX_NOTEBOOK_ENV",
    ].map { Variable($0, .text, .notServed, readers: []) }

    static let clientSide =
        [
            "PHOENIX_CLIENT_HEADERS", "PHOENIX_COLLECTOR_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT",
        ].map { Variable($0, .text, .clientSide, readers: []) }
        + [Variable("PHOENIX_API_KEY", .text, secret: true, .clientSide, readers: [])]
}
