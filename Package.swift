// swift-tools-version: 6.1
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK = Target.Dependency.product(name: "NIOHPACK", package: "swift-nio-http2")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let certificateReloading = Target.Dependency.product(name: "NIOCertificateReloading", package: "swift-nio-extras")
let grpcCore = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcTransport = Target.Dependency.product(name: "GRPCNIOTransportHTTP2Posix", package: "grpc-swift-nio-transport")

/// A module of `Shared/`, with its folder named after it.
func shared(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Shared/\(name)", exclude: exclude, swiftSettings: swiftSettings)
}

/// A C library of the system, visible only to the one module that wraps it.
func system(_ name: String, pkgConfig: String? = nil, package: String) -> Target {
    .systemLibrary(name: name, path: "Shared/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// One of the executables, with its folder below `Services/`.
func service(_ name: String, folder: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Services/\(folder)", exclude: exclude,
        swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", resources: resources,
        swiftSettings: swiftSettings)
}

let package = Package(
    name: "bennu",
    products: [
        .executable(name: "bennu", targets: ["bennu"]),
        .executable(name: "bennu-collector", targets: ["bennu-collector"]),
        .executable(name: "bennu-api", targets: ["bennu-api"]),
        .executable(name: "bennu-auth", targets: ["bennu-auth"]),
        .executable(name: "bennu-mailer", targets: ["bennu-mailer"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", "3.12.3"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.0"),
        .package(url: "https://github.com/apple/swift-nio-http2.git", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2.git", from: "2.4.0"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport.git", from: "2.9.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.0.0"),
    ],
    targets: [
        system("CPostgres", pkgConfig: "libpq", package: "libpq-dev"),
        system("CSQLite", pkgConfig: "sqlite3", package: "libsqlite3-dev"),
        // Its pkg-config names flags of Kerberos that SwiftPM warns of; header and library are where they always are.
        system("CZeroMQ", package: "libzmq3-dev"),
        system("CCurl", pkgConfig: "libcurl", package: "libcurl4-openssl-dev"),
        system("CLDAP", pkgConfig: "ldap", package: "libldap-dev"),
        system("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
        system("CZstd", pkgConfig: "libzstd", package: "libzstd-dev"),
        system("CMalloc", package: "libc6-dev"),

        shared("Domain"),
        shared("OTLP", ["Domain"]),
        shared("Pricing", ["Domain"]),
        shared("Settings", ["Domain", "Identity", "JMESPath"]),
        shared("Observability", ["Domain", logging]),
        shared("Identity", ["Domain", crypto, .product(name: "CryptoExtras", package: "swift-crypto")]),
        shared("Database", ["Domain", "CPostgres", "CSQLite", logging], exclude: ["README.md"]),
        shared("Storage", ["Domain", "Database", "FilterLanguage", "Pricing", crypto, deque, heap, logging]),
        shared("Messaging", ["Domain", "CZeroMQ", logging]),
        shared("Compression", ["CZlib", "CZstd"]),
        shared("Spool", ["CZlib"]),
        shared("GraphQL"),
        shared("FilterLanguage", ["Domain", "Database"]),
        shared("Access", ["Domain", "Identity", "Database", "Storage", "Messaging", crypto, lifecycle, logging]),
        shared("Mail", ["Domain", "CCurl", logging]),
        shared("JMESPath"),
        shared(
            "OpenIDConnect",
            [
                "Domain", "Identity", "JMESPath", "Settings", asyncHTTPClient, crypto, jwtKit, logging, nioCore,
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        shared("LDAP", ["Domain", "Settings", "CLDAP", logging]),
        shared("HTTP", ["Domain", "Compression", hummingbird, nioCore, logging]),
        shared(
            "ServiceRuntime",
            [
                "Domain", "Settings", "Observability", "Identity", "Database", "Storage", "Messaging", "Pricing",
                "HTTP", "Access", "CMalloc",
                lifecycle, logging, hummingbird, hummingbirdTLS, nioSSL, certificateReloading,
            ]),

        service(
            "bennu-collector", folder: "collector",
            [
                "ServiceRuntime", "Compression", "OTLP", "Spool", "Access", deque, grpcCore, grpcTransport, nioCore,
                nioHPACK, nioHTTP2, nioPosix, nioSSL,
            ]),
        service(
            "bennu-api", folder: "api",
            [
                "ServiceRuntime", "Compression", "OTLP", "Access", "FilterLanguage", "GraphQL", asyncHTTPClient, crypto,
                hummingbird, nioCore,
            ],
            exclude: ["Web"]),
        service(
            "bennu-auth", folder: "auth",
            ["ServiceRuntime", "Access", "JMESPath", "LDAP", "OpenIDConnect", hummingbird]),
        service("bennu-mailer", folder: "mailer", ["ServiceRuntime", "Mail"]),
        service("bennu", folder: "bennu", ["ServiceRuntime", "Mail", asyncHTTPClient, argumentParser, nioCore]),

        .executableTarget(
            name: "messaging-benchmark", dependencies: ["CZeroMQ", "Domain", "Identity", "Messaging", logging],
            path: "Benchmarks/messaging", exclude: ["README.md"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "graphql-benchmark", dependencies: ["GraphQL"], path: "Benchmarks/graphql",
            exclude: ["README.md", "run.py", "trace_page.graphql"], swiftSettings: swiftSettings),

        .target(
            name: "TestSupport", dependencies: ["Domain", "Database", logging], path: "Tests/TestSupport",
            swiftSettings: swiftSettings),
        tests("DomainTests", ["Domain"]),
        tests("OTLPTests", ["OTLP"], resources: [.copy("Fixtures")]),
        tests("PricingTests", ["Pricing"]),
        tests("SettingsTests", ["Domain", "Settings"]),
        tests("ObservabilityTests", ["Domain", "Observability", logging]),
        tests("IdentityTests", ["Identity"]),
        tests("DatabaseTests", ["Database", "Domain", "TestSupport", logging]),
        tests("StorageTests", ["Storage", "TestSupport"]),
        tests("MessagingTests", ["Messaging", "Identity"]),
        tests("CompressionTests", ["Compression"]),
        tests("SpoolTests", ["Spool"]),
        .testTarget(
            name: "FuzzTests", dependencies: ["Compression", "Domain", "Messaging", "OTLP", "Spool"],
            path: "Tests/FuzzTests", exclude: ["FailCases"], swiftSettings: swiftSettings),
        tests("GraphQLTests", ["GraphQL"], resources: [.copy("Fixtures")]),
        tests(
            "FilterLanguageTests", ["FilterLanguage", "Storage", "TestSupport"], resources: [.copy("Fixtures")]),
        tests("AccessTests", ["Access", "TestSupport"]),
        tests("MailTests", ["Mail"]),
        tests("JMESPathTests", ["JMESPath"], resources: [.copy("Fixtures")]),
        tests("OpenIDConnectTests", ["OpenIDConnect", "Settings", "Identity", "JMESPath", "Domain"]),
        tests("LDAPTests", ["Domain", "LDAP", "Settings", "TestSupport"]),
        tests("AuthTests", ["bennu-auth", "TestSupport", hummingbirdTesting]),
        tests("MailerTests", ["bennu-mailer", "TestSupport"]),
        tests("HTTPTests", ["HTTP", "Compression", "TestSupport", hummingbirdTesting, nioPosix]),
        tests("CollectorTests", ["bennu-collector", "TestSupport", hummingbirdTesting, nioEmbedded, nioHTTP2]),
        tests("APITests", ["bennu-api", "TestSupport", hummingbirdTesting]),
        tests(
            "ServiceRuntimeTests",
            [
                "ServiceRuntime", "Database", "Domain", "Observability", "Settings", "Storage", "TestSupport",
                lifecycle, logging, nioSSL,
            ]),
        tests("LauncherTests", ["bennu", "Domain", "ServiceRuntime", "Settings"]),
    ]
)
