extension JSONWriter {
    /// An error as October 2021, 7.1.2, has it.
    mutating func write(_ error: GraphQLError) {
        append("{\"message\":")
        write(error.message)
        if !error.locations.isEmpty {
            append(",\"locations\":")
            writeList(error.locations) { writer, location in
                writer.append("{\"line\":\(location.line),\"column\":\(location.column)}")
            }
        }
        if let path = error.path {
            append(",\"path\":")
            writeList(path) { writer, element in
                switch element {
                case .key(let key): writer.write(key)
                case .index(let index): writer.write(index)
                }
            }
        }
        if !error.extensions.isEmpty {
            append(",\"extensions\":")
            write(.object(error.extensions))
        }
        append(UInt8(ascii: "}"))
    }

    private mutating func write(_ value: ErrorExtension) {
        switch value {
        case .string(let text): write(text)
        case .int(let number): write(number)
        case .boolean(let flag): append(flag ? "true" : "false")
        case .list(let items): writeList(items) { writer, item in writer.write(item) }
        case .object(let entries):
            writeObject(entries.sorted { $0.key < $1.key }) { writer, entry in
                writer.writeKey(entry.key)
                writer.write(entry.value)
            }
        }
    }
}
