extension Variable {
    /// It usually holds a password: shown without it, by `RedactedURL`.
    static let databaseURL = Variable("PHOENIX_SQL_DATABASE_URL", .text, secret: true)
    static let databaseSchema = Variable("PHOENIX_SQL_DATABASE_SCHEMA", .text)
    static let readReplicaURL = Variable(
        "PHOENIX_SQL_DATABASE_READ_REPLICA_URL", .text, secret: true, .notServed, readers: .api)
    static let postgresHost = Variable("PHOENIX_POSTGRES_HOST", .text)
    static let postgresPort = Variable("PHOENIX_POSTGRES_PORT", .port, default: "5432")
    static let postgresUser = Variable("PHOENIX_POSTGRES_USER", .text)
    static let postgresPassword = Variable("PHOENIX_POSTGRES_PASSWORD", .text, secret: true)
    static let postgresDatabase = Variable("PHOENIX_POSTGRES_DB", .text, default: "postgres")
    static let postgresUseAWSIAM = Variable("PHOENIX_POSTGRES_USE_AWS_IAM_AUTH", .boolean, default: "false")
    static let postgresAWSTokenLifetime = Variable(
        "PHOENIX_POSTGRES_AWS_IAM_TOKEN_LIFETIME_SECONDS", .integer(1...86_400), default: "840", .notServed)
    static let postgresUseAzureIdentity = Variable(
        "PHOENIX_POSTGRES_USE_AZURE_MANAGED_IDENTITY", .boolean, default: "false")
    static let postgresAzureScope = Variable("PHOENIX_POSTGRES_AZURE_SCOPE", .text, .notServed)
    static let migrateIndexConcurrently = Variable(
        "PHOENIX_MIGRATE_INDEX_CONCURRENTLY", .boolean, default: "false", .notServed)
    static let disableMigrations = Variable(
        "PHOENIX_DANGEROUSLY_DISABLE_MIGRATIONS", .boolean, default: "false")
    static let logMigrations = Variable("PHOENIX_LOG_MIGRATIONS", .boolean, default: "true")
    static let logSQL = Variable("PHOENIX_LOG_SQL", .boolean, default: "false", .notServed)
    static let databaseLoggingLevel = Variable(
        "PHOENIX_DB_LOGGING_LEVEL", .choice(LogLevel.names), default: "warning", .notServed)
    static let storageCapacity = Variable(
        "PHOENIX_DATABASE_ALLOCATED_STORAGE_CAPACITY_GIBIBYTES", .decimal(0...1e9), readers: [.collector, .api])
    static let usageWarningThreshold = Variable(
        "PHOENIX_DATABASE_USAGE_EMAIL_WARNING_THRESHOLD_PERCENTAGE", .decimal(0...100), .notServed)
    static let usageBlockingThreshold = Variable(
        "PHOENIX_DATABASE_USAGE_INSERTION_BLOCKING_THRESHOLD_PERCENTAGE", .decimal(0...100),
        readers: [.collector, .api])
    static let retentionDays = Variable(
        "PHOENIX_DEFAULT_RETENTION_POLICY_DAYS", .integer(0...365_000), default: "0", readers: .api)
    static let spansQueueSize = Variable(
        "PHOENIX_MAX_SPANS_QUEUE_SIZE", .integer(1...Int.max),
        .replaced("the queue is bounded by bytes: BENNU_INGEST_QUEUE_BYTES"), readers: .collector)

    static let database = [
        databaseURL, databaseSchema, readReplicaURL, postgresHost, postgresPort, postgresUser, postgresPassword,
        postgresDatabase, postgresUseAWSIAM, postgresAWSTokenLifetime, postgresUseAzureIdentity, postgresAzureScope,
        migrateIndexConcurrently, disableMigrations, logMigrations, logSQL, databaseLoggingLevel, storageCapacity,
        usageWarningThreshold, usageBlockingThreshold, retentionDays, spansQueueSize,
    ]
}
