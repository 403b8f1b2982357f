import CPostgres

extension DatabaseError {
    /// What an answer of the server says, judged by its SQLSTATE.
    init(_ result: PostgresResult) {
        let message = result.errorField(PostgresField.message) ?? "the server gave no reason"
        let constraint = result.errorField(PostgresField.constraint) ?? ""
        self.init(
            sqlState: result.errorField(PostgresField.sqlState) ?? "", message: message, constraint: constraint)
    }

    init(sqlState: String, message: String, constraint: String = "") {
        switch sqlState {
        case "23505": self = .uniqueViolation(constraint: constraint)
        case "23503": self = .foreignKeyViolation(constraint: constraint)
        case "40001", "40P01": self = .serialization
        case "57014", "55P03", "25P03", "25P04": self = .timedOut
        case "53100": self = .diskFull
        case "25006": self = .readOnly
        case "53300", "57P01", "57P02", "57P03", "57P05": self = .unavailable(message)
        case _ where sqlState.hasPrefix("08"): self = .unavailable(message)
        default: self = .failed(sqlState: sqlState, message: message)
        }
    }
}

extension PostgresResult {
    /// The schema was changed beneath a prepared statement, or someone has dropped it; prepared anew it will do.
    var saysPlanIsOutdated: Bool {
        switch errorField(PostgresField.sqlState) {
        case "26000": true
        // Said of much else; the server's own function tells them apart, where the text may be in any language.
        case "0A000": errorField(PostgresField.sourceFunction) == "RevalidateCachedQuery"
        default: false
        }
    }
}

/// The letters of the fields of an error, which C has as character macros.
private enum PostgresField {
    static let sqlState = Int32(UInt8(ascii: "C"))
    static let message = Int32(UInt8(ascii: "M"))
    static let sourceFunction = Int32(UInt8(ascii: "R"))
    static let constraint = Int32(UInt8(ascii: "n"))
}
