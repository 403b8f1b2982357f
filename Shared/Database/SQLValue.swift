/// A value of a statement's `$1`, `$2`, …
///
/// On Postgres the server says what type each parameter has, and the value is sent as that type: `.text` into `jsonb` or
/// `.integer` into `smallint` are fine, a number that does not fit is refused.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    /// Must not hold NUL, which Postgres' text cannot; both engines refuse it.
    case text(String)
    case bytes([UInt8])
    /// 1 or 0 where the column is a number.
    case boolean(Bool)

    /// `bigint[]`. Arrays are for Postgres only.
    case integers([Int64])
    /// `bigint[]` with NULLs.
    case optionalIntegers([Int64?])
    /// `text[]`.
    case texts([String?])
    /// `bytea[]`.
    case byteStrings([[UInt8]?])
    /// `float8[]`.
    case reals([Double?])
}

extension SQLValue {
    /// NULL for nil.
    public static func optional(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }
    /// NULL for nil.
    public static func optional(_ number: Int64?) -> SQLValue { number.map(SQLValue.integer) ?? .null }
}
