/// Writes a resource and a scope such that equal ones have equal bytes: keys sorted, of equal keys the last one's value.
enum ResourceWriter {
    private static let projectKey: StaticString = "openinference.project.name"
    private static let projectBytesMax = 1024

    /// Appends `{"resource":{attributes},"scope":{"attributes","name","version"}}` and returns the project that the
    /// resource names, trimmed; nil where it names none.
    static func write(resource: Bytes, scope: Bytes, to output: inout ByteWriter) throws(WireError) -> String? {
        var reader = WireReader(resource)
        var attributes: [Attribute] = []
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): attributes.append(try Attribute(message: try reader.bytes()))
            default: try reader.skip(tag)
            }
        }
        output.put("{\"resource\":")
        try putSorted(attributes, to: &output)
        output.put(",\"scope\":")
        try putScope(scope, to: &output)
        output.put("}")
        return projectName(attributes)
    }

    private static func putScope(_ scope: Bytes, to output: inout ByteWriter) throws(WireError) {
        var attributes: [Attribute] = []
        var name = Bytes.none
        var version = Bytes.none
        var reader = WireReader(scope)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            switch tag {
            case WireTag.bytes(1): name = try reader.bytes()
            case WireTag.bytes(2): version = try reader.bytes()
            case WireTag.bytes(3): attributes.append(try Attribute(message: try reader.bytes()))
            default: try reader.skip(tag)
            }
        }
        output.put("{\"attributes\":")
        try putSorted(attributes, to: &output)
        output.put(",\"name\":")
        output.putJSON(name)
        output.put(",\"version\":")
        output.putJSON(version)
        output.put("}")
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
