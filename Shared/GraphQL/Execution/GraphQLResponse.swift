/// What a request is answered with (October 2021, 7.1).
public struct GraphQLResponse: Sendable {
    /// The root object's answer.
    let data: GroupResult?
    /// Whether execution began, so that the answer has `data`, be it null.
    public let isExecuted: Bool
    public let errors: [GraphQLError]

    init(data: GroupResult?, errors: [GraphQLError]) {
        self.data = data
        isExecuted = true
        self.errors = errors
    }

    /// A request that is refused before it is executed.
    public init(refusedWith errors: [GraphQLError]) {
        data = nil
        isExecuted = false
        self.errors = errors
    }

    /// The answer as JSON, in UTF-8: `data` first where there are no errors, else `errors`.
    public var jsonBytes: [UInt8] {
        var writer = JSONWriter()
        writer.append(UInt8(ascii: "{"))
        if !errors.isEmpty {
            writer.append("\"errors\":")
            writer.writeList(errors) { writer, error in writer.write(error) }
            if isExecuted { writer.append(UInt8(ascii: ",")) }
        }
        if isExecuted {
            writer.append("\"data\":")
            if let data, data.nulled?[0] != true {
                data.write(row: 0, to: &writer)
            } else {
                writer.writeNull()
            }
        }
        writer.append(UInt8(ascii: "}"))
        return writer.bytes
    }
}
