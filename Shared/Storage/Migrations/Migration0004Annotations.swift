import Database

extension Migration {
    /// Annotations of spans, documents of spans, traces and sessions; those that wait for their target; and the configs
    /// that say what people may put into them.
    static let annotations = Migration(
        version: 4, name: "annotations", up: Tables.scripts(annotationsUp),
        down: [.postgres: annotationsDown, .sqlite: annotationsDown])

    private static let annotationsDown = """
        DROP TABLE project_annotation_configs;
        DROP TABLE annotation_configs;
        DROP TABLE waiting_annotations;
        DROP TABLE session_annotations;
        DROP TABLE trace_annotations;
        DROP TABLE document_annotations;
        DROP TABLE span_annotations;
        """

    // An annotation goes with its target: the keys point from here to there, so that storing spans pays nothing, and
    // an annotation that is written while its target is deleted either is seen or fails.
    private static let annotationsUp =
        annotationTable("span_annotations", "span_rowid", of: "spans")
        + annotationTable("document_annotations", "span_rowid", of: "spans", position: true)
        + annotationTable("trace_annotations", "trace_rowid", of: "traces")
        + annotationTable("session_annotations", "session_rowid", of: "project_sessions")
            + """
            CREATE TABLE waiting_annotations (
                id {id},
                subject TEXT NOT NULL,
                target {bytes} NOT NULL,
                document_position {integer} NOT NULL,
                \(annotationColumns),
                attempts {integer} NOT NULL,
                next_attempt_at {integer} NOT NULL,
                expires_at {integer} NOT NULL,
                UNIQUE (subject, target, document_position, name, identifier)
            ){end};
            CREATE INDEX waiting_annotations_by_attempt ON waiting_annotations (next_attempt_at, id);
            CREATE INDEX waiting_annotations_by_expiry ON waiting_annotations (expires_at);
            CREATE TABLE annotation_configs (
                id {id},
                name TEXT NOT NULL UNIQUE,
                annotation_type TEXT NOT NULL,
                description TEXT,
                optimization_direction TEXT,
                threshold {real},
                lower_bound {real},
                upper_bound {real},
                choices TEXT
            ){end};
            CREATE TABLE project_annotation_configs (
                project_id {integer} NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                config_id {integer} NOT NULL REFERENCES annotation_configs (id) ON DELETE CASCADE,
                PRIMARY KEY (project_id, config_id)
            ){end};
            CREATE INDEX project_annotation_configs_by_config ON project_annotation_configs (config_id);

            """

    private static let annotationColumns = """
        name TEXT NOT NULL,
            identifier TEXT NOT NULL,
            annotator_kind TEXT NOT NULL,
            label TEXT,
            score {real},
            explanation TEXT,
            metadata TEXT NOT NULL,
            source TEXT NOT NULL,
            user_id {integer},
            created_at {integer} NOT NULL,
            updated_at {integer} NOT NULL
        """

    private static func annotationTable(
        _ name: String, _ target: String, of table: String, position: Bool = false
    ) -> String {
        let column = position ? "document_position {integer} NOT NULL,\n    " : ""
        let key = position ? "\(target), document_position" : target
        return """
            CREATE TABLE \(name) (
                id {id},
                \(target) {integer} NOT NULL REFERENCES \(table) (id) ON DELETE CASCADE,
                \(column)\(annotationColumns),
                UNIQUE (\(key), name, identifier)
            ){end};
            CREATE INDEX \(name)_by_name ON \(name) (name, \(target));
            CREATE INDEX \(name)_by_identifier ON \(name) (identifier) WHERE identifier <> '';

            """
    }
}
