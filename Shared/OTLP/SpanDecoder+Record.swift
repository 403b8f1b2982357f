import Domain

extension SpanDecoder {
    /// Columns that are indexed have a limit in every database; what is longer is cut.
    private static var columnBytesMax: Int { 1024 }
    private static var previewCharactersMax: Int { 256 }

    /// Writes the span's texts and returns the record that points to them.
    mutating func makeRecord(resource: Int32) throws(WireError) -> SpanRecord {
        let kind = columns.spanKind
        var record = SpanRecord(
            traceID: TraceID(high: Self.number(span.traceID, at: 0), low: Self.number(span.traceID, at: 8)),
            spanID: SpanID(Self.number(span.spanID, at: 0)), parentID: parentID,
            startTime: span.startNanoseconds, endTime: span.endNanoseconds, kind: kind, statusCode: span.status,
            name: text(span.name), statusMessage: text(span.statusMessage), attributes: try attributesJSON(),
            resource: resource)
        record.events = try eventsJSON()
        record.otlp = try otlpJSON()
        record.modelName = column(kind == .embedding ? columns.embeddingModelName : columns.modelName)
        record.provider = column(columns.provider)
        record.sessionID = column(columns.sessionID)
        record.userID = column(columns.userID)
        record.inputPreview = try preview(columns.inputValue)
        record.outputPreview = try preview(columns.outputValue)
        if kind == .llm {
            record.promptTokens = columns.tokens(isPrompt: true)
            record.completionTokens = columns.tokens(isPrompt: false)
            record.tokenDetails = columns.tokenDetails
        }
        return record
    }

    /// Eight bytes of an id whose length has been checked.
    @inline(__always)
    private static func number(_ id: Bytes, at offset: Int) -> UInt64 {
        UInt64(bigEndian: UnsafeRawBufferPointer(id).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private var parentID: SpanID? {
        guard !span.parentID.isEmpty else { return nil }
        let id = SpanID(Self.number(span.parentID, at: 0))
        return id.isZero ? nil : id
    }

    private mutating func attributesJSON() throws(WireError) -> ByteSlice {
        let start = output.count
        try tree.write(to: &output)
        return slice(since: start)
    }

    private mutating func text(_ bytes: Bytes) -> ByteSlice {
        let start = output.count
        output.putText(bytes)
        return slice(since: start)
    }

    /// Trimmed text, or a number as text; nil where nothing is left.
    private mutating func column(_ value: AttributeValue) -> ByteSlice? {
        let start = output.count
        switch value.kind {
        case .text: output.putText(Self.cut(value.bytes.trimmed, bytesMax: Self.columnBytesMax))
        case .integer: output.put(value.integer)
        case .double: if value.double.isFinite { output.put(value.double) }
        default: return nil
        }
        return output.count == start ? nil : slice(since: start)
    }

    private mutating func preview(_ value: AttributeValue) throws(WireError) -> ByteSlice? {
        guard value.kind != .null else { return nil }
        let start = output.count
        if value.isText {
            output.putText(Self.cut(value.bytes, charactersMax: Self.previewCharactersMax))
        } else {
            try output.putJSON(value)
            output.truncate(
                to: start + Self.cut(output.written(since: start), charactersMax: Self.previewCharactersMax).count)
        }
        return slice(since: start)
    }

    /// The first characters of a text. Bytes that continue no character count with the one before them.
    private static func cut(_ text: Bytes, charactersMax: Int) -> Bytes {
        guard text.count > charactersMax, let bytes = text.baseAddress else { return text }
        var position = 0
        var characters = 0
        while position &+ 8 <= text.count, characters &+ 8 <= charactersMax {
            characters &+= Word.characters(Word.load(bytes + position))
            position &+= 8
        }
        while position < text.count {
            if bytes[position] & 0xC0 != 0x80 {
                if characters == charactersMax { return text.slice(0, position) }
                characters &+= 1
            }
            position &+= 1
        }
        return text
    }

    /// At most so many bytes, and whole characters.
    static func cut(_ text: Bytes, bytesMax: Int) -> Bytes {
        guard text.count > bytesMax else { return text }
        var end = bytesMax
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return text.slice(0, end)
    }
}
