/// An expression's tree.
indirect enum Node: Sendable, Hashable {
    case current
    case literal(JSONValue)
    case field(String)
    case index(Int)
    case slice(start: Int?, stop: Int?, step: Int)
    /// The second is evaluated on what the first gives: `a.b`, `a[0]` and `a | b`.
    case chain(Node, Node)
    case listProjection(Node, each: Node)
    case valueProjection(Node, each: Node)
    case filterProjection(Node, condition: Node, each: Node)
    case flatten(Node)
    case comparison(Comparator, Node, Node)
    case or(Node, Node)
    case and(Node, Node)
    case not(Node)
    case list([Node])
    case hash([HashEntry])
    case call(Function, [Node])
    /// `&expression`: an argument that the function evaluates.
    case reference(Node)
}

/// A name and what it stands for in `{name: expression}`.
struct HashEntry: Sendable, Hashable {
    var name: String
    var value: Node
}
