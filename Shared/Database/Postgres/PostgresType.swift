import CPostgres

/// The types that are spoken in binary, by the numbers that every Postgres server gives them (`pg_type.dat`).
enum PostgresType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let char: Oid = 18
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let json: Oid = 114
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let unknown: Oid = 705
    static let bpchar: Oid = 1042
    static let varchar: Oid = 1043
    static let numeric: Oid = 1700
    static let jsonb: Oid = 3802

    static let byteaArray: Oid = 1001
    static let int4Array: Oid = 1007
    static let textArray: Oid = 1009
    static let varcharArray: Oid = 1015
    static let int8Array: Oid = 1016
    static let float8Array: Oid = 1022

    /// The binary form of a text type is the text itself.
    static func isText(_ type: Oid) -> Bool {
        switch type {
        case text, varchar, bpchar, name, json, unknown: true
        default: false
        }
    }
}
