/// Counts the spans of a request in OTLP/JSON: for requests that are refused, whose spans are still to be accounted for.
enum JSONSpanCount {
    /// As far as the text can be read.
    static func count(in text: Bytes) -> Int {
        var reader = JSONReader(text)
        var count = 0
        // What is malformed ends the counting; why is nobody's question here.
        try? eachElement(of: "resourceSpans", in: &reader) { reader throws(WireError) in
            try eachElement(of: "scopeSpans", in: &reader) { reader throws(WireError) in
                try eachElement(of: "spans", in: &reader) { reader throws(WireError) in
                    try reader.skip()
                    count += 1
                }
            }
        }
        return count
    }

    /// Calls `read` before each element of the list `field` of the object that comes next.
    private static func eachElement(
        of field: StaticString, in reader: inout JSONReader, _ read: (inout JSONReader) throws(WireError) -> Void
    ) throws(WireError) {
        if reader.takeNull() { return }
        try reader.openObject("")
        var isFirst = true
        while let key = try reader.key(&isFirst) {
            guard key.equals(field) else {
                try reader.skip()
                continue
            }
            if reader.takeNull() { continue }
            try reader.openList("")
            var isFirstElement = true
            while try reader.hasElement(&isFirstElement) { try read(&reader) }
        }
    }
}
