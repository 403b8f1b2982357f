import Database

extension Migration {
    /// Which model a span's tokens were charged by, and what each model was charged for.
    static let modelUsage = Migration(
        version: 8, name: "model usage", up: [.postgres: up(.postgres, postgresIDs), .sqlite: up(.sqlite, sqliteIDs)],
        down: [.postgres: modelUsageDown, .sqlite: modelUsageDown])

    private static func up(_ dialect: SQLDialect, _ ids: String) -> String {
        (Tables.scripts(modelUsageUp)[dialect] ?? "") + ids
    }

    private static let modelUsageDown = """
        DROP TABLE model_usage;
        ALTER TABLE spans DROP COLUMN model_id;
        """

    // Rows are sums by hour and by day, one a writer's shard, as those of project_rollups are.
    private static let modelUsageUp = """
        ALTER TABLE spans ADD COLUMN model_id {integer};
        CREATE TABLE model_usage (
            project_id {integer} NOT NULL,
            width {integer} NOT NULL,
            bucket_start {integer} NOT NULL,
            model_id {integer} NOT NULL,
            token_type TEXT NOT NULL,
            is_prompt {integer} NOT NULL,
            shard {integer} NOT NULL,
            tokens {integer} NOT NULL,
            cost {integer} NOT NULL,
            PRIMARY KEY (project_id, width, bucket_start, model_id, token_type, is_prompt, shard)
        ){end};
        CREATE INDEX model_usage_model ON model_usage (model_id, width, bucket_start);
        """

    // Own models are numbered on from where the built-in ones, which have no rows, can never get to.
    private static let postgresIDs = """

        ALTER TABLE generative_models ALTER COLUMN id RESTART WITH 1000001;
        """

    private static let sqliteIDs = """

        INSERT INTO sqlite_sequence (name, seq)
        SELECT 'generative_models', 1000000 WHERE NOT EXISTS (
            SELECT 1 FROM sqlite_sequence WHERE name = 'generative_models');
        UPDATE sqlite_sequence SET seq = MAX(seq, 1000000) WHERE name = 'generative_models';
        """
}
