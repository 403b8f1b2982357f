import Domain

/// Takes a span's column values one after another, in the order of `SpanColumns.names`.
protocol SpanColumnSink {
    mutating func integer(_ value: Int64)
    /// Text that stays where it is until the row is done.
    mutating func text(_ value: UnsafeRawBufferPointer)
    /// Text that is gone once the call has returned.
    mutating func passingText(_ value: UnsafeRawBufferPointer)
    /// Bytes that are gone once the call has returned.
    mutating func passingBytes(_ value: UnsafeRawBufferPointer)
    mutating func null()
}

extension SpanColumnSink {
    mutating func integer(_ value: Int64?) {
        if let value { integer(value) } else { null() }
    }

    mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { passingText(UnsafeRawBufferPointer($0)) }
    }

    mutating func text(_ slice: ByteSlice?, in bytes: UnsafeRawBufferPointer) {
        if let slice { text(UnsafeRawBufferPointer(rebasing: bytes[slice.range])) } else { null() }
    }

    mutating func bigEndian(_ value: UInt64) {
        withUnsafeBytes(of: value.bigEndian) { passingBytes($0) }
    }
}

/// The columns of `spans` as they are written, the same for COPY and for INSERT.
enum SpanColumns {
    static let names = [
        "trace_rowid", "project_id", "resource_id", "span_id", "parent_id", "name", "span_kind", "start_time",
        "end_time", "status_code", "status_message", "model_name", "provider", "session_id", "user_id",
        "input_preview", "output_preview", "prompt_tokens", "completion_tokens", "prompt_cost", "completion_cost",
        "cost_details", "model_id", "attributes", "events", "otlp",
    ]

    /// Gives the values of the span at `index` of a request to `sink`. `bytes` are the request's batch's.
    static func write(
        _ request: PreparedSpans, index: Int, trace: TraceState, bytes: UnsafeRawBufferPointer,
        into sink: inout some SpanColumnSink
    ) {
        let span = request.batch.spans[index]
        sink.integer(trace.id)
        sink.integer(trace.projectID)
        sink.integer(request.resourceIDs[Int(span.resource)])
        sink.bigEndian(span.spanID.value)
        if let parent = span.parentID { sink.bigEndian(parent.value) } else { sink.null() }
        sink.text(span.name, in: bytes)
        sink.text(span.kind.rawValue)
        sink.integer(span.startTime)
        sink.integer(span.endTime)
        sink.text(span.statusCode.rawValue)
        sink.text(span.statusMessage, in: bytes)
        sink.text(span.modelName, in: bytes)
        sink.text(span.provider, in: bytes)
        sink.text(span.sessionID, in: bytes)
        sink.text(span.userID, in: bytes)
        sink.text(span.inputPreview, in: bytes)
        sink.text(span.outputPreview, in: bytes)
        sink.integer(request.promptTokens(ofSpan: index))
        sink.integer(request.completionTokens(ofSpan: index))
        writeCost(request.costs[index], into: &sink)
        sink.text(span.attributes, in: bytes)
        sink.text(span.events, in: bytes)
        sink.text(span.otlp, in: bytes)
    }

    private static func writeCost(_ cost: SpanCostColumns?, into sink: inout some SpanColumnSink) {
        sink.integer(cost?.promptCost)
        sink.integer(cost?.completionCost)
        if let cost {
            TokenCharge.json(cost.charges).withUnsafeBytes { sink.passingText($0) }
        } else {
            sink.null()
        }
        sink.integer(cost?.modelID)
    }
}
