/// The messages of the GenAI conventions, put into OpenInference's terms: `[{"role", "parts": [{"type", …}]}]`.
enum GenAIMessages {
    struct Message {
        var role: String
        var name: JSONValue?
        var finishReason: JSONValue?
        var parts: [Part]
    }

    enum Part {
        case text(String)
        case reasoning(String)
        case image(url: String)
        case toolCall(id: JSONValue?, name: String, arguments: JSONValue?)
        case toolResponse(id: JSONValue?, content: JSONValue?)
        /// Of a type that OpenInference has no word for.
        case other
    }

    /// Nil where the list does not validate: then nothing is made of it.
    static func messages(_ value: JSONValue) -> [Message]? {
        guard let list = value.list else { return nil }
        let messages = list.compactMap { message($0) }
        return messages.count == list.count ? messages : nil
    }

    /// The parts of system instructions as one message.
    static func instructions(_ value: JSONValue) -> Message? {
        guard let list = value.list, !list.isEmpty, let parts = parts(list) else { return nil }
        return Message(role: "system", name: nil, finishReason: nil, parts: parts)
    }

    private static func message(_ value: JSONValue) -> Message? {
        guard let role = value["role"]?.text, case .list(let list)? = value["parts"], let parts = parts(list) else {
            return nil
        }
        return Message(role: role, name: value["name"], finishReason: value["finish_reason"], parts: parts)
    }

    private static func parts(_ list: [JSONValue]) -> [Part]? {
        let parts = list.compactMap { part($0) }
        return parts.count == list.count ? parts : nil
    }

    private static func part(_ value: JSONValue) -> Part? {
        guard let type = value["type"]?.text else { return nil }
        switch type {
        case "text": return value["content"]?.text.map { .text($0) }
        case "reasoning": return value["content"]?.text.map { .reasoning($0) }
        case "uri": return value["uri"]?.text.map { isImage(value) ? .image(url: $0) : .other }
        // `data` was the word for `content` in older drafts, which had no modality either.
        case "blob": return (value["content"] ?? value["data"])?.text.map { blob($0, value) }
        case "tool_call":
            return value["name"]?.text.map { .toolCall(id: value["id"], name: $0, arguments: value["arguments"]) }
        case "tool_call_response":
            return .toolResponse(id: value["id"], content: value["response"] ?? value["result"])
        default: return .other
        }
    }

    private static func isImage(_ part: JSONValue) -> Bool {
        if let modality = part["modality"]?.text { return modality == "image" }
        return part["mime_type"]?.text?.hasPrefix("image/") ?? true
    }

    private static func blob(_ content: String, _ part: JSONValue) -> Part {
        guard isImage(part) else { return .other }
        return .image(url: "data:\(part["mime_type"]?.text ?? "image/png");base64,\(content)")
    }

    static func attributes(
        of messages: [Message], below prefix: String
    ) -> [DerivedAttribute] {
        messages.enumerated().flatMap { attributes(of: $1, below: "\(prefix).\($0).message") }
    }

    private static func attributes(of message: Message, below prefix: String) -> [DerivedAttribute] {
        var attributes: [DerivedAttribute] = [("\(prefix).role", .text(message.role))]
        if let name = message.name { attributes.append(("\(prefix).name", name)) }
        attributes += contents(message.parts, below: prefix)
        attributes += tools(message.parts, below: prefix)
        if let reason = message.finishReason { attributes.append(("\(prefix).finish_reason", reason)) }
        return attributes
    }

    /// One text alone is the message's content; several contents are a list.
    private static func contents(_ parts: [Part], below prefix: String) -> [DerivedAttribute] {
        let contents = parts.compactMap { content($0) }
        if contents.count == 1, contents[0].type == "text" {
            return [("\(prefix).content", .text(contents[0].value))]
        }
        return contents.enumerated().flatMap { index, content -> [DerivedAttribute] in
            let place = "\(prefix).contents.\(index).message_content"
            return [("\(place).type", .text(content.type)), ("\(place).\(content.key)", .text(content.value))]
        }
    }

    private static func content(_ part: Part) -> (type: String, key: String, value: String)? {
        switch part {
        case .text(let text): ("text", "text", text)
        case .reasoning(let text): ("reasoning", "text", text)
        case .image(let url): ("image", "image.image.url", url)
        case .toolCall, .toolResponse, .other: nil
        }
    }

    private static func tools(_ parts: [Part], below prefix: String) -> [DerivedAttribute] {
        var attributes: [DerivedAttribute] = []
        var calls = 0
        for part in parts {
            switch part {
            case .toolCall(let id, let name, let arguments):
                let place = "\(prefix).tool_calls.\(calls).tool_call"
                calls += 1
                if let id { attributes.append(("\(place).id", id)) }
                attributes.append(("\(place).function.name", .text(name)))
                if let arguments { attributes.append(("\(place).function.arguments", .text(arguments.asText))) }
            case .toolResponse(let id, let content):
                if let id { attributes.append(("\(prefix).tool_call_id", id)) }
                if let content { attributes.append(("\(prefix).content", .text(content.asText))) }
            default: break
            }
        }
        return attributes
    }
}
