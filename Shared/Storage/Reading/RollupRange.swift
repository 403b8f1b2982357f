import Database

/// A stretch of time as pieces that are kept as sums: days in the middle, hours around them, minutes at the edges.
///
/// ```
/// 22:58 │ 22:58…23:00 │ 23:00…24:00 │ all days between │ 00:00…02:00 │ 02:00…02:07 │ 02:07
///          minutes         hours           days              hours         minutes
/// ```
struct RollupRange: Equatable {
    struct Piece: Equatable {
        var width: Int64
        /// Seconds since 1970, from `start` to before `end`; nil is open.
        var start: Int64?
        var end: Int64?
    }

    private(set) var pieces: [Piece] = []

    /// - Parameters:
    ///   - start: seconds since 1970, a multiple of 60, as is `end`; nil is open.
    ///   - widest: no piece is kept by steps wider than this.
    init(from start: Int64?, to end: Int64?, widest: Int64 = 86_400) {
        add(start, end, ProjectRollups.widths.filter { $0 <= widest }.reversed()[...])
    }

    private mutating func add(_ start: Int64?, _ end: Int64?, _ widths: ArraySlice<Int64>) {
        if let start, let end, start >= end { return }
        guard let width = widths.first else { return }
        let inner = (start: start.map { Self.ceiling($0, width) }, end: end.map { Self.floor($0, width) })
        if let start, let end, let first = inner.start, let last = inner.end, first >= last {
            add(start, end, widths.dropFirst())
            return
        }
        if start != inner.start { add(start, inner.start, widths.dropFirst()) }
        pieces.append(Piece(width: width, start: inner.start, end: inner.end))
        if end != inner.end { add(inner.end, end, widths.dropFirst()) }
    }

    /// That a row of sums belongs to one of the pieces.
    func add(to conditions: inout SQLConditions) {
        let texts = pieces.map { piece in
            var text = "width = \(piece.width)"
            if let start = piece.start { text += " AND bucket_start >= \(conditions.addValue(.integer(start)))" }
            if let end = piece.end { text += " AND bucket_start < \(conditions.addValue(.integer(end)))" }
            return "(\(text))"
        }
        conditions.add(texts.isEmpty ? "FALSE" : "(\(texts.joined(separator: " OR ")))")
    }

    static func floor(_ seconds: Int64, _ width: Int64) -> Int64 {
        let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: width)
        return (remainder < 0 ? quotient - 1 : quotient) * width
    }

    static func ceiling(_ seconds: Int64, _ width: Int64) -> Int64 { -floor(-seconds, width) }
}
