/// Writes a resource and a scope such that equal ones have equal bytes: keys sorted, of equal keys the last one's value.
enum ResourceWriter {
    private static let projectKey: StaticString = "openinference.project.name"
    private static let projectBytesMax = 1024

    /// Appends `{"resource":{attributes},"scope":{"attributes","name","version"}}` and returns the project that the
    /// resource names, trimmed; nil where it names none.
    ///
    /// Where they are there, `droppedAttributesCount` and `schemaUrl` come last in the scope, and for the resource
    /// beside it.
    static func write(_ origin: SpanOrigin, to output: inout ByteWriter) throws(WireError) -> String? {
        output.put("{\"resource\":")
        let (project, droppedCount) = try origin.resource.read { message throws(WireError) in
            try putResource(message, to: &output)
        }
        output.put(",\"scope\":")
        try origin.scope.read { message throws(WireError) in
            try putScope(message, schema: origin.scopeSchema, to: &output)
        }
        putRest(droppedCount, origin.resourceSchema, to: &output)
        output.put("}")
        return project
    }

    private static func putResource(
        _ message: Bytes, to output: inout ByteWriter
    ) throws(WireError) -> (project: String?, droppedCount: UInt64) {
        var attributes: [Attribute] = []
        var droppedCount: UInt64 = 0
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): try add(try reader.bytes(), to: &attributes)
            case WireTag.varint(2): droppedCount = try reader.varint()
            default: try reader.skip(tag)
            }
        }
        try putSorted(attributes, to: &output)
        return (projectName(attributes), droppedCount)
    }

    private static func putScope(
        _ message: Bytes, schema: Bytes, to output: inout ByteWriter
    ) throws(WireError) {
        var attributes: [Attribute] = []
        var name = Bytes.none
        var version = Bytes.none
        var droppedCount: UInt64 = 0
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): name = try reader.bytes()
            case WireTag.bytes(2): version = try reader.bytes()
            case WireTag.bytes(3): try add(try reader.bytes(), to: &attributes)
            case WireTag.varint(4): droppedCount = try reader.varint()
            default: try reader.skip(tag)
            }
        }
        output.put("{\"attributes\":")
        try putSorted(attributes, to: &output)
        output.put(",\"name\":")
        output.putJSON(name)
        output.put(",\"version\":")
        output.putJSON(version)
        putRest(droppedCount, schema, to: &output)
        output.put("}")
    }

    /// What most senders leave out takes no room.
    private static func putRest(_ droppedCount: UInt64, _ schema: Bytes, to output: inout ByteWriter) {
        if droppedCount != 0 {
            output.put(",\"droppedAttributesCount\":")
            output.put(Int64(UInt32(truncatingIfNeeded: droppedCount)))
        }
        guard !schema.isEmpty else { return }
        output.put(",\"schemaUrl\":")
        output.putJSON(schema)
    }

    /// As among a span's attributes, one without a value is none, and takes none away.
    private static func add(_ message: Bytes, to attributes: inout [Attribute]) throws(WireError) {
        let attribute = try Attribute(message: message)
        if attribute.value.kind != .null { attributes.append(attribute) }
    }

    private static func putSorted(_ attributes: [Attribute], to output: inout ByteWriter) throws(WireError) {
        let order = attributes.indices.sorted { left, right in
            let order = KeyPieces.compareBytes(attributes[left].key, attributes[right].key)
            return order == 0 ? left < right : order < 0
        }
        output.put("{")
        for (position, index) in order.enumerated() {
            let attribute = attributes[index]
            if position + 1 < order.count, attribute.key.equals(attributes[order[position + 1]].key) { continue }
            try output.putMember(attribute)
        }
        output.put("}")
    }

    private static func projectName(_ attributes: [Attribute]) -> String? {
        guard let attribute = attributes.last(where: { $0.key.equals(projectKey) }) else { return nil }
        switch attribute.value.kind {
        case .text: return projectName(attribute.value.bytes)
        case .integer: return String(attribute.value.integer)
        default: return nil
        }
    }

    /// A project's name as it is kept: trimmed, and cut to what every database can have in an index; nil for an empty one.
    static func projectName(_ bytes: Bytes) -> String? {
        var text = ByteWriter(capacity: 64)
        text.putText(SpanDecoder.cut(bytes.trimmed, bytesMax: projectBytesMax))
        return text.count == 0 ? nil : String(decoding: text.written(), as: UTF8.self)
    }
}
