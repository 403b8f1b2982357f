import Database
import Domain

/// Reads values out of the JSON of `attributes`.
extension FilterSQL {
    /// The JSON type: `string`, `number`, … in Postgres' words and `text`, `integer`, … in SQLite's; NULL where nothing is.
    mutating func attributeType(_ path: AttributePath) -> String {
        withAttributes(of: path) {
            $0.dialect == .postgres ? "json_typeof(\($0.json(path)))" : $0.located(path).type
        }
    }

    mutating func attribute(_ path: AttributePath, _ reading: AttributeReading) -> String {
        withAttributes(of: path) {
            switch reading {
            case .text: $0.text(path)
            case .number: $0.number(path, exponent: 300)
            case .operand: $0.number(path, exponent: 30)
            case .boolean: $0.boolean(path)
            }
        }
    }

    private mutating func text(_ path: AttributePath) -> String {
        guard dialect == .sqlite else {
            return """
                (SELECT CASE WHEN json_typeof(v.v) = 'string' THEN v.v #>> '{}' END \
                FROM (SELECT \(json(path)) AS v OFFSET 0) AS v)
                """
        }
        let located = located(path)
        return "(CASE \(located.type) WHEN 'text' THEN \(located.value) END)"
    }

    private mutating func boolean(_ path: AttributePath) -> String {
        guard dialect == .sqlite else {
            return """
                (SELECT CASE WHEN json_typeof(v.v) = 'boolean' THEN (v.v #>> '{}')::boolean END \
                FROM (SELECT \(json(path)) AS v OFFSET 0) AS v)
                """
        }
        return "(CASE \(located(path).type) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END)"
    }

    /// A JSON number, or text that would be one in JSON. What is longer or larger than anybody's number is missing: the
    /// engines would differ in it.
    private mutating func number(_ path: AttributePath, exponent: Int) -> String {
        guard dialect == .sqlite else {
            return """
                (SELECT CASE WHEN n.n = 0 OR abs(n.n) BETWEEN 1e-\(exponent) AND 1e\(exponent) THEN n.n::float8 END \
                FROM (SELECT CASE WHEN json_typeof(v.v) IN ('number', 'string') AND length(v.v #>> '{}') <= 100 \
                AND v.v #>> '{}' ~ '\(Self.numberPattern)' THEN (v.v #>> '{}')::numeric END AS n \
                FROM (SELECT \(json(path)) AS v OFFSET 0) AS v OFFSET 0) AS n)
                """
        }
        let located = located(path)
        return """
            (SELECT CASE WHEN abs(n.x) BETWEEN 1e-\(exponent) AND 1e\(exponent) \
            OR n.x = 0 AND n.t NOT GLOB '*[1-9]*[eE]*' THEN n.x END \
            FROM (SELECT v.t AS t, CASE WHEN json_valid(v.t) AND length(v.t) <= 100 \
            AND v.t NOT GLOB '*[eE]*[0-9][0-9][0-9][0-9]*' \
            THEN CASE WHEN json_type(v.t) IN ('integer', 'real') THEN CAST(v.t AS REAL) END END AS x \
            FROM (SELECT CASE \(located.type) WHEN 'integer' THEN \(located.raw) WHEN 'real' THEN \(located.raw) \
            WHEN 'text' THEN \(located.value) END AS t) AS v) AS n)
            """
    }

    private static let numberPattern = #"^[ \t\n\r]*-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?[ \t\n\r]*$"#

    /// In the attribute's text, or in any text of its list or object.
    mutating func attributeContains(_ path: AttributePath, _ needle: FilterValue) -> String {
        withAttributes(of: path) { $0.anyText(path, contains: needle) }
    }

    private mutating func anyText(_ path: AttributePath, contains needle: FilterValue) -> String {
        let within = contains("e.t", needle)
        guard dialect == .sqlite else {
            return """
                (SELECT CASE WHEN json_typeof(v.v) = 'string' THEN (SELECT \(within) FROM (SELECT v.v #>> '{}' AS t) AS e) \
                WHEN json_typeof(v.v) IN ('array', 'object') THEN EXISTS (SELECT 1 FROM (SELECT p.p #>> '{}' AS t \
                FROM jsonb_path_query(v.v::jsonb, 'lax $.** ? (@.type() == "string")') AS p(p)) AS e WHERE \(within)) END \
                FROM (SELECT \(json(path)) AS v OFFSET 0) AS v)
                """
        }
        let located = located(path)
        return """
            (CASE WHEN \(located.type) = 'text' THEN (SELECT \(within) FROM (SELECT \(located.value) AS t) AS e) \
            WHEN \(located.type) IN ('array', 'object') THEN EXISTS (SELECT 1 FROM (SELECT tree.atom AS t \
            FROM json_tree(\(located.value)) AS tree WHERE tree.type = 'text') AS e WHERE \(within)) END)
            """
    }

    /// A condition that cannot be true unless an attribute's JSON holds some text as it stands, which is found out in a
    /// tenth of the time that reading the JSON takes.
    mutating func rulingOut(_ text: String, _ path: AttributePath, inAnyCase: Bool, _ condition: String) -> String {
        // JSON writes these characters in one way only.
        let isPlain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || " -_.:".utf8.contains($0)
        }
        guard isPlain, text.utf8.count >= 3 else { return condition }
        let attributes = attributes(path)
        let place = dialect == .postgres ? "strpos" : "instr"
        let lower = dialect == .postgres ? "lower(\(attributes) COLLATE \"C\")" : "lower(\(attributes))"
        let found =
            inAnyCase
            ? "\(place)(\(lower), \(parameter(.text(text.lowercased()))))"
            : "\(place)(\(attributes), \(parameter(.text(text))))"
        return "(CASE WHEN \(found) > 0 THEN \(condition) END)"
    }

    // MARK: Places

    /// Postgres: `json` and not `jsonb`, so that what stands beside the path is read over and not built, and numbers stay
    /// the digits that they were.
    private mutating func json(_ path: AttributePath) -> String {
        var sql = "\(attributes(path))::json"
        for step in path.steps {
            switch step {
            case .key(let key): sql += " -> \(parameter(.text(key)))"
            case .index(let index): sql += " -> (\(parameter(.integer(Int64(index))))::int4)"
            }
        }
        return "(\(sql))"
    }

    /// SQLite's expressions for the value at a path.
    private struct Located {
        var type: String
        var value: String
        /// JSON text.
        var raw: String
    }

    private mutating func located(_ path: AttributePath) -> Located {
        let attributes = attributes(path)
        guard path.steps.allSatisfy(\.isPlain) else { return locatedByKeys(path, attributes) }
        let place = parameter(.text("$" + path.steps.map(\.sqlitePath).joined()))
        return Located(
            type: "json_type(\(attributes), \(place))", value: "json_extract(\(attributes), \(place))",
            raw: "\(attributes) -> \(place)")
    }

    /// Keys that SQLite's paths have no form for are compared one level after the other.
    private mutating func locatedByKeys(_ path: AttributePath, _ attributes: String) -> Located {
        var inner = attributes
        for step in path.steps.dropLast() {
            inner =
                "(SELECT e.value FROM json_each(\(inner)) AS e WHERE \(matches(step, in: inner)) AND e.type IN ('object', 'array'))"
        }
        let last = path.steps.last.map { matches($0, in: inner) } ?? "FALSE"
        let source = "FROM json_each(\(inner)) AS e WHERE \(last)"
        return Located(
            type: "(SELECT e.type \(source))", value: "(SELECT e.value \(source))", raw: "(SELECT e.value \(source))")
    }

    private mutating func matches(_ step: AttributePath.Step, in json: String) -> String {
        switch step {
        case .key(let key): return "typeof(e.key) = 'text' AND e.key = \(parameter(.text(key)))"
        case .index(let index):
            let number = parameter(.integer(Int64(index)))
            let position = index < 0 ? "json_array_length(\(json)) + \(number)" : number
            return "typeof(e.key) = 'integer' AND e.key = \(position)"
        }
    }
}

extension AttributePath.Step {
    /// Whether SQLite's paths can say it.
    fileprivate var isPlain: Bool {
        switch self {
        case .index: true
        case .key(let key): key.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        }
    }

    fileprivate var sqlitePath: String {
        switch self {
        case .key(let key): ".\"\(key)\""
        case .index(let index) where index < 0: "[#\(index)]"
        case .index(let index): "[\(index)]"
        }
    }
}
