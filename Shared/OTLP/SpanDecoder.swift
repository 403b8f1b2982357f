import Domain

/// Turns the messages of an `ExportTraceServiceRequest` into the records of a batch, in one walk over the bytes.
///
/// One span at a time: its fields are read (`WireSpan`), its attributes become a tree in scratch memory, and tree,
/// events and texts are written behind each other into the batch's bytes.
struct SpanDecoder: ~Copyable {
    /// What a request may grow to: eight times its size (a control character escaped in JSON takes six bytes) and a
    /// little more, of large ones twice their size. Only what is made to grow passes that: empty events, or a large
    /// resource under many scopes.
    private static let growthAllowed = 1 << 20
    private static let growthFactor = 8
    private static let largeGrowthAllowed = 64 << 20
    private static let largeGrowthFactor = 2

    private let input: Bytes
    private let outputCountMax: Int
    var output: ByteWriter
    var tree = AttributeTree()
    var arena = ScratchArena()
    var columns = SpanColumns()
    var span = WireSpan()
    /// Whether an event of the span has more to it than stands in the events' own column.
    var hasMoreOfEvents = false
    private var batch = SpanBatch()

    init(_ input: Bytes) {
        self.input = input
        outputCountMax = min(
            input.count * Self.growthFactor + Self.growthAllowed,
            input.count * Self.largeGrowthFactor + Self.largeGrowthAllowed)
        output = ByteWriter(capacity: input.count + input.count / 8 + 256)
    }

    mutating func decode() throws(OTLPDecodingError) -> SpanBatch {
        guard input.count <= Int(UInt32.max) / (2 * Self.growthFactor) else {
            throw OTLPDecodingError(.tooLarge, offset: 0)
        }
        do {
            try decodeRequest()
        } catch {
            throw OTLPDecodingError(error.reason, offset: offset(of: error.address))
        }
        batch.bytes = Array(output.written())
        return batch
    }

    private func offset(of address: UInt) -> Int {
        let start = UInt(bitPattern: input.baseAddress)
        return (start...start + UInt(input.count)).contains(address) ? Int(address - start) : 0
    }

    private mutating func decodeRequest() throws(WireError) {
        var reader = WireReader(input)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): try decodeResourceSpans(try reader.bytes())
            default: try reader.skip(tag)
            }
        }
    }

    /// The resource may stand behind the spans it belongs to, so it is looked for first.
    private mutating func decodeResourceSpans(_ message: Bytes) throws(WireError) {
        var origin = SpanOrigin()
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): origin.resource.add(try reader.bytes())
            case WireTag.bytes(3): origin.resourceSchema = try reader.bytes()
            default: try reader.skip(tag)
            }
        }
        reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            // 1000 is the instrumentation library of releases before 1.0, laid out the same.
            case WireTag.bytes(2), WireTag.bytes(1000): try decodeScopeSpans(try reader.bytes(), of: origin)
            default: try reader.skip(tag)
            }
        }
    }

    private mutating func decodeScopeSpans(_ message: Bytes, of origin: SpanOrigin) throws(WireError) {
        let firstSpan = batch.spans.count
        var origin = origin
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): origin.scope.add(try reader.bytes())
            case WireTag.bytes(2): try decodeSpan(try reader.bytes())
            case WireTag.bytes(3): origin.scopeSchema = try reader.bytes()
            default: try reader.skip(tag)
            }
        }
        guard batch.spans.count > firstSpan else { return }
        try addResource(origin, at: message, forSpansFrom: firstSpan)
    }

    /// Adds the resource that spans from `firstSpan` on already point to, or has them point to an equal one before it.
    private mutating func addResource(
        _ origin: SpanOrigin, at place: Bytes, forSpansFrom firstSpan: Int
    ) throws(WireError) {
        let start = output.count
        let projectName = try ResourceWriter.write(origin, to: &output)
        try checkGrowth(at: place)
        let json = slice(since: start)
        if let last = batch.resources.last, last.projectName == projectName,
            output.written(from: last.json.range).equals(output.written(from: json.range))
        {
            output.truncate(to: start)
            for index in firstSpan..<batch.spans.count {
                batch.spans[index].resource = Int32(truncatingIfNeeded: batch.resources.count - 1)
            }
        } else {
            batch.resources.append(SpanResource(projectName: projectName, json: json))
        }
    }

    /// Throws where more has been written than a request may grow to, whose bytes at `place` are being read.
    @inline(__always)
    func checkGrowth(at place: Bytes) throws(WireError) {
        guard output.count <= outputCountMax else { throw WireError(reason: .tooLarge, address: place.baseAddress) }
    }

    @inline(__always)
    func slice(since start: Int) -> ByteSlice {
        ByteSlice(
            offset: UInt32(truncatingIfNeeded: start), count: UInt32(truncatingIfNeeded: output.count - start))
    }

    private mutating func decodeSpan(_ message: Bytes) throws(WireError) {
        tree.reset()
        columns.reset()
        arena.reset()
        hasMoreOfEvents = false
        try span.read(message, attributes: &tree.attributes)
        if let fault = span.fault {
            batch.rejectedCount += 1
            if batch.rejectionReason == nil { batch.rejectionReason = fault }
            return
        }
        if span.hasGenAI { try addGenAIAttributes() }
        try takeAttributes()
        batch.spans.append(try makeRecord(resource: Int32(truncatingIfNeeded: batch.resources.count)))
        try checkGrowth(at: message)
    }

    /// Fills the columns and the tree from the attributes.
    private mutating func takeAttributes() throws(WireError) {
        var kept = 0
        for index in 0..<tree.attributes.count {
            var attribute = tree.attributes[index]
            if !KeyPieces.isSurelyPlain(attribute.key) {
                attribute.key = KeyPieces.plain(attribute.key, arena: &arena)
            }
            if attribute.value.kind == .map { try takeNested(attribute, depth: 0) }
            guard columns.take(&attribute) == .kept else { continue }
            tree.attributes[kept] = attribute
            kept += 1
        }
        tree.attributes.truncate(to: kept)
        try makeInputText()
        tree.build()
        if columns.hasInputParts, !columns.inputValue.isText { try joinInputParts() }
    }
}
