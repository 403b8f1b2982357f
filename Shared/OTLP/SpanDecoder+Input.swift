// What is no text in `input.value` is stored as its JSON text, and says so in `input.mime_type`.
extension SpanDecoder {
    private static var inputKeys: (value: StaticString, type: StaticString) { ("input.value", "input.mime_type") }

    /// Makes text of a value other than text, before the tree is built.
    mutating func makeInputText() throws(WireError) {
        let value = columns.inputValue
        guard value.kind != .null, !value.isText else { return }
        var json = ByteWriter(capacity: 256)
        try json.putJSON(value)
        let text = spaced(json)
        columns.inputValue = text
        tree.attributes.append(Attribute(key: Bytes(Self.inputKeys.value), value: text))
        tree.attributes.append(jsonType)
    }

    /// Makes text of an object or list that keys such as `input.value.question` describe.
    mutating func joinInputParts() throws(WireError) {
        guard let node = tree.node("input", "value"), tree.isWithoutValue(node) else { return }
        var json = ByteWriter(capacity: 256)
        try tree.writeContent(of: node, to: &json)
        let text = spaced(json)
        columns.inputValue = text
        tree.replace(node, by: text)
        tree.add(jsonType)
    }

    private var jsonType: Attribute {
        Attribute(key: Bytes(Self.inputKeys.type), value: .text(Bytes("application/json")))
    }

    private mutating func spaced(_ compact: borrowing ByteWriter) -> AttributeValue {
        var text = ByteWriter(capacity: compact.count + compact.count / 4)
        JSONText.space(compact.written(), to: &text)
        return .text(arena.keep(text.written()))
    }

    /// Columns from maps sent whole, as `session = {"id": "s-1"}`: the tree is the same as for dotted keys.
    mutating func takeNested(_ attribute: Attribute, depth: Int) throws(WireError) {
        guard depth < 4, Self.hasColumnsBelow(attribute.key) else { return }
        var reader = WireReader(attribute.value.bytes)
        while !reader.isAtEnd {
            let tag = try reader.tag()
            guard tag == WireTag.bytes(1) else {
                try reader.skip(tag)
                continue
            }
            var inner = try Attribute(message: try reader.bytes())
            inner.key = join(attribute.key, inner.key)
            if inner.value.kind == .map { try takeNested(inner, depth: depth + 1) }
            if inner.value.kind != .map, inner.value.kind != .null { _ = columns.take(&inner) }
        }
    }

    private static func hasColumnsBelow(_ key: Bytes) -> Bool {
        key.equals("llm") || key.equals("llm.token_count") || key.equals("llm.token_count.prompt_details")
            || key.equals("llm.token_count.completion_details") || key.equals("session") || key.equals("user")
            || key.equals("output") || key.equals("embedding") || key.equals("openinference")
            || key.equals("openinference.span")
    }

    private mutating func join(_ first: Bytes, _ second: Bytes) -> Bytes {
        var key = ByteWriter(capacity: first.count + second.count + 1)
        key.put(first)
        key.put(".")
        key.put(second)
        return arena.keep(key.written())
    }
}

extension AttributeTree {
    func isWithoutValue(_ node: Int32) -> Bool { nodes[Int(node)].attribute == Self.noNode }
}

extension Bytes {
    init(_ literal: StaticString) {
        self.init(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
    }
}
