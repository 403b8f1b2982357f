extension SpanDecoder {
    /// Adds the OpenInference attributes that the span's `gen_ai.*` attributes stand for, where it has none of its own.
    mutating func addGenAIAttributes() throws(WireError) {
        var source: [String: JSONValue] = [:]
        for index in 0..<tree.attributes.count {
            let attribute = tree.attributes[index]
            guard attribute.key.hasPrefix(GenAIConventions.prefix) else { continue }
            let name = attribute.key.slice(GenAIConventions.prefix.utf8CodeUnitCount, attribute.key.count)
            let key = String(decoding: name, as: UTF8.self)
            if GenAIConventions.keys.contains(key) { source[key] = try attribute.value.tree() }
        }
        var derived: [String: JSONValue] = [:]
        for (key, value) in GenAIConventions.openInference(from: source) { derived[key] = value }
        dropOwn(from: &derived)
        for (key, value) in derived.sorted(by: { $0.key < $1.key }) {
            tree.attributes.append(Attribute(key: arena.keep(key), value: kept(value)))
        }
    }

    /// The span's own attributes win. A type says something about the value it was derived with, so it goes with that.
    private func dropOwn(from derived: inout [String: JSONValue]) {
        for index in 0..<tree.attributes.count {
            let key = tree.attributes[index].key
            if key.hasPrefix(GenAIConventions.prefix) { continue }
            derived[String(decoding: key, as: UTF8.self)] = nil
            if key.equals("input.value") { derived["input.mime_type"] = nil }
            if key.equals("output.value") { derived["output.mime_type"] = nil }
        }
    }

    private mutating func kept(_ value: JSONValue) -> AttributeValue {
        if case .number(let number) = value, let integer = Int64(number) { return .integer(integer) }
        if case .text(let text) = value { return .text(arena.keep(text)) }
        var json = ByteWriter(capacity: 128)
        value.put(to: &json)
        return AttributeValue(.json, arena.keep(json.written()))
    }
}

extension AttributeValue {
    /// The value as a tree; maps and arrays through their JSON.
    fileprivate func tree() throws(WireError) -> JSONValue {
        if kind == .text { return .text(String(decoding: bytes, as: UTF8.self)) }
        var json = ByteWriter(capacity: 128)
        try json.putJSON(self)
        return JSONValue(parsing: json.written()) ?? .null
    }
}
