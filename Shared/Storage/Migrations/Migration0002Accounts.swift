import Database

extension Migration {
    /// People and the system, and what they prove themselves with.
    static let accounts = Migration(
        version: 2, name: "accounts", up: Tables.scripts(accountsUp),
        down: [.postgres: accountsDown, .sqlite: accountsDown])

    private static let accountsDown = """
        DROP TABLE sign_in_failures;
        DROP TABLE api_keys;
        DROP TABLE password_reset_tokens;
        DROP TABLE access_tokens;
        DROP TABLE refresh_tokens;
        DROP TABLE users;
        """

    // Tokens carry nothing but a row's number, which therefore must never come twice. Mail addresses stand here in lower
    // case. Of password hashes there is ours, which says how it was made, or Phoenix's, salt and hash apart.
    private static let accountsUp = """
        CREATE TABLE users (
            id {id},
            name TEXT NOT NULL UNIQUE,
            email TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL CHECK (role IN ('SYSTEM', 'ADMIN', 'MEMBER', 'VIEWER')),
            auth_method TEXT NOT NULL CHECK (auth_method IN ('LOCAL', 'OAUTH2', 'LDAP')),
            password_hash TEXT,
            legacy_password_salt {bytes},
            legacy_password_hash {bytes},
            must_reset_password {integer} NOT NULL DEFAULT 0,
            picture_url TEXT,
            oauth2_client_id TEXT,
            oauth2_user_id TEXT,
            ldap_unique_id TEXT UNIQUE,
            created_at {integer} NOT NULL,
            updated_at {integer} NOT NULL,
            UNIQUE (oauth2_client_id, oauth2_user_id)
        ){end};
        CREATE TABLE refresh_tokens (
            id {id},
            user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            created_at {integer} NOT NULL,
            expires_at {integer} NOT NULL
        ){end};
        CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);
        CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);
        CREATE TABLE access_tokens (
            id {id},
            user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            refresh_token_id {integer} NOT NULL REFERENCES refresh_tokens (id) ON DELETE CASCADE,
            created_at {integer} NOT NULL,
            expires_at {integer} NOT NULL
        ){end};
        CREATE INDEX access_tokens_by_user ON access_tokens (user_id);
        CREATE INDEX access_tokens_by_refresh_token ON access_tokens (refresh_token_id);
        CREATE TABLE password_reset_tokens (
            id {id},
            user_id {integer} NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
            created_at {integer} NOT NULL,
            expires_at {integer} NOT NULL
        ){end};
        CREATE TABLE api_keys (
            id {id},
            user_id {integer} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT,
            scope TEXT NOT NULL DEFAULT 'FULL' CHECK (scope IN ('FULL', 'READ', 'INGEST')),
            project_id {integer} REFERENCES projects (id) ON DELETE CASCADE,
            created_at {integer} NOT NULL,
            expires_at {integer},
            last_used_at {integer}
        ){end};
        CREATE INDEX api_keys_by_user ON api_keys (user_id, id);
        CREATE INDEX api_keys_by_project ON api_keys (project_id);
        CREATE TABLE sign_in_failures (
            account TEXT NOT NULL,
            address TEXT NOT NULL,
            failures {integer} NOT NULL,
            last_failed_at {integer} NOT NULL,
            PRIMARY KEY (account, address)
        ){end};
        CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_failed_at);
        """
}
