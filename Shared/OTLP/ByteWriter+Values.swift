extension ByteWriter {
    /// Arrays and maps deeper than this become `null`: no exporter nests so deeply, and readers of JSON have limits.
    private static var depthMax: Int { 64 }

    /// A value as JSON; bytes as base64 text.
    @inline(__always)
    mutating func putJSON(_ value: AttributeValue) throws(WireError) {
        if value.kind == .text { putJSON(value.bytes) } else { try putJSON(value, depth: 0) }
    }

    private mutating func putJSON(_ value: AttributeValue, depth: Int) throws(WireError) {
        switch value.kind {
        case .null: put("null")
        case .text: putJSON(value.bytes)
        case .boolean: if value.boolean { put("true") } else { put("false") }
        case .integer: put(value.integer)
        case .double: put(value.double)
        case .bytes:
            put("\"")
            putBase64(value.bytes)
            put("\"")
        case .array: try putArray(value.bytes, depth: depth)
        case .map: try putMap(value.bytes, depth: depth)
        case .json: put(value.bytes)
        case .textOfJSON: putTextOfJSON(value.bytes)
        }
    }

    /// An `ArrayValue` message.
    private mutating func putArray(_ message: Bytes, depth: Int) throws(WireError) {
        guard depth < Self.depthMax else { return put("null") }
        put("[")
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            guard tag == WireTag.bytes(1) else {
                try reader.skip(tag)
                continue
            }
            let value = try AttributeValue(message: try reader.bytes())
            putSeparator()
            try putJSON(value, depth: depth + 1)
        }
        put("]")
    }

    /// A `KeyValueList` message. Keys stay as they are.
    private mutating func putMap(_ message: Bytes, depth: Int) throws(WireError) {
        guard depth < Self.depthMax else { return put("null") }
        put("{")
        try putMembers(of: message, WireTag.bytes(1), depth: depth + 1)
        put("}")
    }

    /// The attributes of a message, which are its fields `field`: of equal keys the last one that has a value.
    mutating func putMembers(of message: Bytes, _ field: UInt32, depth: Int = 0) throws(WireError) {
        // Found out before anything is written: to write maps within maps twice would take for ever.
        guard try KeySieve.areSurelyDistinct(in: message, field) else {
            return try putLastMembers(of: message, field, depth: depth)
        }
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            guard tag == field else {
                try reader.skip(tag)
                continue
            }
            try putMember(try Attribute(message: try reader.bytes()), depth: depth)
        }
    }

    /// The same where keys may be equal.
    private mutating func putLastMembers(of message: Bytes, _ field: UInt32, depth: Int) throws(WireError) {
        var attributes: [Attribute] = []
        var places: [HashedKey: Int] = [:]
        var reader = WireReader(message)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            guard tag == field else {
                try reader.skip(tag)
                continue
            }
            let attribute = try Attribute(message: try reader.bytes())
            guard attribute.value.kind != .null else { continue }
            let place = places[HashedKey(bytes: attribute.key), default: attributes.count]
            if place < attributes.count {
                attributes[place] = attribute
            } else {
                places[HashedKey(bytes: attribute.key)] = place
                attributes.append(attribute)
            }
        }
        for attribute in attributes { try putMember(attribute, depth: depth) }
    }

    /// A key and its value, after a comma where one is due; nothing where there is no value.
    mutating func putMember(_ attribute: Attribute, depth: Int = 0) throws(WireError) {
        guard attribute.value.kind != .null else { return }
        putSeparator()
        putJSON(attribute.key)
        put(":")
        try putJSON(attribute.value, depth: depth)
    }

    /// The JSON that `text` holds, or `text` as a JSON string where it holds none.
    mutating func putTextOfJSON(_ text: Bytes) {
        let start = count
        guard JSONText.copy(text, to: &self) else {
            truncate(to: start)
            return putJSON(text)
        }
    }
}
