import Database

// SQLite's index is written in segments that are merged later: with sixteen of a size instead of four before they become
// one, a third less is written for the same texts, and what is asked looks into a few more.
extension Migration {
    static let textSearchMerging = Migration(
        version: 9, name: "text search merging",
        up: [.postgres: "", .sqlite: automerge(16)], down: [.postgres: "", .sqlite: automerge(4)])

    private static func automerge(_ segments: Int) -> String {
        "INSERT INTO span_text_index (span_text_index, rank) VALUES ('automerge', \(segments));"
    }
}
