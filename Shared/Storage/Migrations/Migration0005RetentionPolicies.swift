import Database

extension Migration {
    /// How long projects keep their traces, and who works on that now.
    static let retentionPolicies = Migration(
        version: 5, name: "retention policies", up: Tables.scripts(retentionUp),
        down: [.postgres: retentionDown, .sqlite: retentionDown])

    private static let retentionDown = """
        DROP TABLE leases;
        DROP TABLE project_retention_policies;
        DROP TABLE retention_policies;
        """

    // A missing bound is no bound. A project without a row in the second table follows the policy 0, which always is
    // there. A lease belongs to its holder until it expires, by the database's own clock.
    private static let retentionUp = """
        CREATE TABLE retention_policies (
            id {id},
            name TEXT NOT NULL UNIQUE,
            cron_expression TEXT NOT NULL,
            max_days {real},
            max_count {integer},
            last_run_at {integer},
            created_at {integer} NOT NULL,
            updated_at {integer} NOT NULL
        ){end};
        INSERT INTO retention_policies (id, name, cron_expression, created_at, updated_at)
            VALUES (0, 'Default', '0 0 * * 0', 0, 0);
        CREATE TABLE project_retention_policies (
            project_id {integer} PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
            policy_id {integer} NOT NULL REFERENCES retention_policies (id) ON DELETE CASCADE
        ){end};
        CREATE INDEX project_retention_policies_by_policy ON project_retention_policies (policy_id);
        CREATE TABLE leases (
            name TEXT PRIMARY KEY,
            holder TEXT NOT NULL,
            expires_at {integer} NOT NULL
        ){end};
        """
}
