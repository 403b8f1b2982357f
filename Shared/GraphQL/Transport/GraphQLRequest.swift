/// A request as it comes over HTTP, whatever the HTTP library.
public struct GraphQLRequest: Sendable {
    /// The document's text.
    public var query: String
    public var operationName: String?
    public var variables: [InputValue.ObjectField]
    public var extensions: [InputValue.ObjectField]

    public init(
        query: String, operationName: String? = nil, variables: [InputValue.ObjectField] = [],
        extensions: [InputValue.ObjectField] = []
    ) {
        self.query = query
        self.operationName = operationName
        self.variables = variables
        self.extensions = extensions
    }

    /// Reads the body of a POST, `application/json`.
    ///
    /// - Throws: what is wrong with it, for an answer with status 400.
    public init(jsonBody: [UInt8]) throws(GraphQLError) {
        let body: InputValue
        do {
            body = try JSONReader.read(jsonBody)
        } catch {
            throw GraphQLError(message: "The body is not JSON: \(error.message).")
        }
        switch body {
        case .object(let fields): try self.init(fields: fields)
        case .list: throw GraphQLError(message: "Send one operation a request: lists of them are not taken.")
        default: throw GraphQLError(message: "The body must be a JSON object with the operation in \"query\".")
        }
    }

    /// Reads the parameters of a GET, with their percent encoding resolved.
    ///
    /// - Throws: what is wrong with them, for an answer with status 400.
    public init(parameters: [(name: String, value: String)]) throws(GraphQLError) {
        var fields: [InputValue.ObjectField] = []
        for (name, value) in parameters {
            switch name {
            case "query", "operationName": fields.append(InputValue.ObjectField(name, .string(value)))
            case "variables", "extensions":
                do {
                    fields.append(InputValue.ObjectField(name, try JSONReader.read(Array(value.utf8))))
                } catch {
                    throw GraphQLError(message: "The parameter \"\(name)\" is not JSON: \(error.message).")
                }
            default: continue
            }
        }
        try self.init(fields: fields)
    }

    private init(fields: [InputValue.ObjectField]) throws(GraphQLError) {
        guard case .string(let query)? = fields.value(named: "query") else {
            throw GraphQLError(message: "\"query\" must be a string: the operation.")
        }
        let operationName: String?
        switch fields.value(named: "operationName") ?? .null {
        case .null: operationName = nil
        case .string(let name): operationName = name.isEmpty ? nil : name
        default: throw GraphQLError(message: "\"operationName\" must be a string or null.")
        }
        self.init(
            query: query, operationName: operationName, variables: try fields.object(named: "variables"),
            extensions: try fields.object(named: "extensions"))
    }
}

extension [InputValue.ObjectField] {
    fileprivate func object(named name: String) throws(GraphQLError) -> [InputValue.ObjectField] {
        switch value(named: name) ?? .null {
        case .null: []
        case .object(let fields): fields
        default: throw GraphQLError(message: "\"\(name)\" must be an object or null.")
        }
    }
}
