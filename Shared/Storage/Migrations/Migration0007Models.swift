import Database

extension Migration {
    /// Models that people have added, with the prices of their tokens.
    static let models = Migration(
        version: 7, name: "models", up: Tables.scripts(modelsUp),
        down: [.postgres: modelsDown, .sqlite: modelsDown])

    private static let modelsDown = """
        DROP TABLE token_prices;
        DROP TABLE generative_models;
        """

    // Prices are dollars for a million tokens.
    private static let modelsUp = """
        CREATE TABLE generative_models (
            id {id},
            name TEXT NOT NULL UNIQUE,
            name_pattern TEXT NOT NULL,
            provider TEXT NOT NULL,
            start_time {integer},
            created_at {integer} NOT NULL,
            updated_at {integer} NOT NULL,
            UNIQUE (name_pattern, provider)
        ){end};
        CREATE TABLE token_prices (
            model_id {integer} NOT NULL REFERENCES generative_models (id) ON DELETE CASCADE,
            token_type TEXT NOT NULL,
            is_prompt {boolean} NOT NULL,
            dollars_per_million {real} NOT NULL,
            PRIMARY KEY (model_id, token_type, is_prompt)
        ){end};
        """
}
