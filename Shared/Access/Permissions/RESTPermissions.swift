/// Which rule each route stands under, by its method and its path with names for what varies. A route that is not here is
/// refused to everybody.
public enum RESTPermissions {
    /// - Parameter path: as routers write it, `/v1/projects/{project}/spans`; what the parts in braces are called does
    ///   not matter.
    public static func rule(method: String, path: String) -> Rule? {
        table["\(method) \(normalized(path))"]
    }

    /// Every row: `METHOD /path/{}`, for the test that compares them with the routes that there are.
    public static let rows: [String: Rule] = table

    /// One spelling for what a router may write as `:name` or `{name}`.
    static func normalized(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: true).map { piece in
            piece.hasPrefix(":") || piece.hasPrefix("{") || piece == "*" ? "{}" : String(piece)
        }.reduce(into: "") { $0 += "/" + $1 }
    }

    private static let table: [String: Rule] = {
        var table: [String: Rule] = [:]
        for (rule, lines) in [
            (Rule.open, open), (.read, read), (.write, write), (.admin, admin), (.adminOfAccounts, adminOfAccounts),
            (.ownAccount, ownAccount), (.ownKeys, ownKeys), (.makeUserKey, ["POST /v1/user/api_keys"]),
            (.makeSystemKey, ["POST /v1/system/api_keys"]),
        ] {
            for line in lines { table[line] = rule }
        }
        return table
    }()

    // Traces, sign-in and the ways through providers are decided by the services that answer them.
    private static let open = [
        "GET /healthz", "GET /readyz", "GET /arize_phoenix_version", "POST /v1/traces",
    ]

    private static let read = [
        "GET /v1/projects", "GET /v1/projects/{}", "GET /v1/projects/{}/spans", "GET /v1/projects/{}/spans/otlpv1",
        "GET /v1/projects/{}/traces", "GET /v1/projects/{}/sessions", "GET /v1/sessions/{}",
        "GET /v1/projects/{}/span_annotations", "GET /v1/projects/{}/trace_annotations",
        "GET /v1/projects/{}/session_annotations", "GET /v1/projects/{}/annotation_configs",
        "GET /v1/annotation_configs", "GET /v1/annotation_configs/{}", "GET /v1/user",
        "GET /bennu/v1/projects/{}/events", "GET /bennu/v1/events",
        // Field by field in GraphQLPermissions.
        "GET /graphql", "POST /graphql",
    ]

    private static let write = [
        "POST /v1/projects", "PUT /v1/projects/{}", "POST /v1/projects/{}/spans",
        // A query by its nature, but a POST: viewers may only GET.
        "POST /v1/spans",
        "DELETE /v1/spans/{}", "DELETE /v1/traces/{}", "DELETE /v1/sessions/{}", "DELETE /v1/projects/{}/traces",
        "POST /v1/sessions/delete", "POST /v1/traces/transfer",
        "POST /v1/span_annotations", "POST /v1/trace_annotations", "POST /v1/session_annotations",
        "POST /v1/document_annotations", "POST /v1/span_notes", "POST /v1/trace_notes", "POST /v1/session_notes",
        // Others' annotations only by an admin: the route looks at whose they are.
        "DELETE /v1/projects/{}/span_annotations", "DELETE /v1/projects/{}/trace_annotations",
        "DELETE /v1/projects/{}/session_annotations",
        "POST /v1/annotation_configs", "PUT /v1/annotation_configs/{}", "DELETE /v1/annotation_configs/{}",
        "POST /v1/projects/{}/annotation_configs", "PUT /v1/projects/{}/annotation_configs",
        "PUT /v1/projects/{}/annotation_configs/{}", "DELETE /v1/projects/{}/annotation_configs/{}",
    ]

    private static let admin = [
        "DELETE /v1/projects/{}", "PATCH /v1/projects/{}/retention", "GET /v1/users", "POST /v1/users",
        "DELETE /v1/users/{}",
    ]

    private static let adminOfAccounts = [
        "GET /v1/users/api_keys", "GET /v1/system/api_keys", "DELETE /v1/system/api_keys/{}",
    ]

    // Whose key it is decides the route: another's is not found, unless an admin asks.
    private static let ownAccount = ["DELETE /v1/user/api_keys/{}"]
    private static let ownKeys = ["GET /v1/user/api_keys"]
}
