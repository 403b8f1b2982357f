import HTTPTypes
import Hummingbird

/// A part of a request that cannot be used, answered with 422 in the form of FastAPI's validation errors (openapi's
/// `HTTPValidationError`), which Phoenix's clients read.
public struct ValidationError: Error, Sendable {
    /// A step on the way to that part.
    public enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    /// From `body`, `path` or `query` on.
    public var location: [Step]
    public var message: String

    public init(_ location: [Step], _ message: String) {
        self.location = location
        self.message = message
    }

    /// Part of the path.
    public static func path(_ name: String, _ message: String) -> ValidationError {
        ValidationError([.key("path"), .key(name)], message)
    }

    var response: Response {
        Response.json(status: .unprocessableContent) { json in
            json.object {
                $0.field("detail", array: [self]) { json, error in
                    json.object {
                        $0.key("loc")
                        $0.array(error.location) { json, step in
                            switch step {
                            case .key(let name): json.value(name)
                            case .index(let index): json.value(Int64(index))
                            }
                        }
                        $0.field("msg", error.message)
                        $0.field("type", "value_error")
                    }
                }
            }
        }
    }
}
