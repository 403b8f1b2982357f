/// A span's attributes as the tree that their dotted keys describe: `llm.model_name` is `{"llm": {"model_name": …}}`, and
/// `messages.0.role` an object in a list.
///
/// - A piece of digits with something behind it is a position in a list; at the very end it is an object's key, and
///   then the same number is a key for the other attributes too.
/// - Positions are sorted by number and stand without gaps; directly below the root or below another position they
///   are keys.
/// - Where a place has a value (or a list) and named children, the children stand beside it under dotted keys.
/// - Pieces are trimmed and empty ones left out. Of equal keys, the last one's value stays.
struct AttributeTree: ~Copyable {
    static let noNode: Int32 = -1
    /// Pieces of a key beyond this stay together as one, so that no key can nest without bound.
    private static let depthMax = 64
    /// Among more children than these, one is found by the index instead of by looking at each.
    private static let searchMax = 32

    /// One piece of a key.
    struct Node {
        var name: Bytes
        var attribute: Int32 = noNode
        var firstChild: Int32 = noNode
        var lastChild: Int32 = noNode
        var nextSibling: Int32 = noNode
        var childCount: UInt32 = 0
        var digitChildCount: UInt32 = 0
        var isDigits = false

        /// Whether it is a place in a list: digits that end no key.
        var isPosition: Bool { isDigits && attribute == noNode }
    }

    /// A node's name among its parent's children; the same number is the same name, with zeros before it too.
    private struct ChildName: Hashable {
        private let parent: Int32
        private let name: Bytes

        init(parent: Int32, name: Bytes, isDigits: Bool) {
            self.parent = parent
            self.name = isDigits ? name.withoutLeadingZeros : name
        }

        static func == (left: ChildName, right: ChildName) -> Bool {
            left.parent == right.parent && left.name.equals(right.name)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(parent)
            hasher.combine(bytes: UnsafeRawBufferPointer(name))
        }
    }

    /// Where a piece of the key before ended, and its node.
    struct Step {
        var node: Int32
        var end: Int
    }

    var attributes = Buffer<Attribute>(capacity: 64)
    private(set) var nodes = Buffer<Node>(capacity: 128)
    private var path = Buffer<Step>(capacity: AttributeTree.depthMax)
    private var previousKey = Bytes.none
    /// The children of nodes that have many.
    private var index: [ChildName: Int32] = [:]

    init() {}

    /// Empties it for the next span.
    mutating func reset() {
        attributes.truncate(to: 0)
        nodes.truncate(to: 0)
        nodes.append(Node(name: .none))
        path.truncate(to: 0)
        previousKey = .none
        if !index.isEmpty { index = [:] }
    }

    /// Makes the tree of `attributes`, whose keys are plain.
    mutating func build() {
        for index in 0..<attributes.count { insert(index) }
    }

    /// Adds one more attribute, with a plain key, to a tree that has been built.
    mutating func add(_ attribute: Attribute) {
        attributes.append(attribute)
        insert(attributes.count - 1)
    }

    private mutating func insert(_ index: Int) {
        let key = attributes[index].key
        var node: Int32 = 0
        var offset = resume(key, &node)
        while offset <= key.count {
            let isDeepest = path.count >= Self.depthMax - 1
            let end = isDeepest ? key.count : KeyPieces.end(in: key, from: offset)
            node = child(of: node, named: key.slice(offset, end))
            path.append(Step(node: node, end: end))
            offset = end + 1
        }
        previousKey = key
        nodes[Int(node)].attribute = Int32(truncatingIfNeeded: index)
    }

    /// Goes down the pieces that this key shares with the one before it; returns where the first other piece starts.
    @inline(__always)
    private mutating func resume(_ key: Bytes, _ node: inout Int32) -> Int {
        let common = KeyPieces.commonPrefix(key, previousKey)
        var depth = 0
        var offset = 0
        while depth < path.count, depth < Self.depthMax - 1 {
            let step = path[depth]
            guard step.end <= common, step.end == key.count || key[step.end] == UInt8(ascii: ".") else { break }
            node = step.node
            offset = step.end + 1
            depth += 1
        }
        path.truncate(to: depth)
        return offset
    }

    @inline(__always)
    private mutating func child(of parent: Int32, named name: Bytes) -> Int32 {
        let isDigits = name.isDigits
        let last = nodes[Int(parent)].lastChild
        if last != Self.noNode {
            if isNode(last, named: name, isDigits: isDigits) { return last }
            if let found = search(parent, name, isDigits: isDigits) { return found }
        }
        return append(Node(name: name, isDigits: isDigits), to: parent)
    }

    private func search(_ parent: Int32, _ name: Bytes, isDigits: Bool) -> Int32? {
        if nodes[Int(parent)].childCount > Self.searchMax {
            return index[ChildName(parent: parent, name: name, isDigits: isDigits)]
        }
        var child = nodes[Int(parent)].firstChild
        while child != Self.noNode {
            if isNode(child, named: name, isDigits: isDigits) { return child }
            child = nodes[Int(child)].nextSibling
        }
        return nil
    }

    @inline(__always)
    private func isNode(_ node: Int32, named name: Bytes, isDigits: Bool) -> Bool {
        let own = nodes[Int(node)]
        guard isDigits, own.isDigits else { return own.name.equals(name) }
        return own.name.withoutLeadingZeros.equals(name.withoutLeadingZeros)
    }

    private mutating func append(_ node: Node, to parent: Int32) -> Int32 {
        let index = Int32(truncatingIfNeeded: nodes.count)
        nodes.append(node)
        let last = nodes[Int(parent)].lastChild
        if last == Self.noNode {
            nodes[Int(parent)].firstChild = index
        } else {
            nodes[Int(last)].nextSibling = index
        }
        nodes[Int(parent)].lastChild = index
        nodes[Int(parent)].childCount += 1
        if node.isDigits { nodes[Int(parent)].digitChildCount += 1 }
        if nodes[Int(parent)].childCount > Self.searchMax { enter(index, below: parent) }
        return index
    }

    /// Enters a node into the index, and with the first the children before it.
    private mutating func enter(_ node: Int32, below parent: Int32) {
        var child = nodes[Int(parent)].childCount == Self.searchMax + 1 ? nodes[Int(parent)].firstChild : node
        while child != Self.noNode {
            let current = nodes[Int(child)]
            index[ChildName(parent: parent, name: current.name, isDigits: current.isDigits)] = child
            child = current.nextSibling
        }
    }

    /// The node at `first.second`; nil where there is none.
    func node(_ first: StaticString, _ second: StaticString) -> Int32? {
        child(of: 0, named: first).flatMap { child(of: $0, named: second) }
    }

    private func child(of parent: Int32, named name: StaticString) -> Int32? {
        var child = nodes[Int(parent)].firstChild
        while child != Self.noNode {
            if nodes[Int(child)].name.equals(name) { return child }
            child = nodes[Int(child)].nextSibling
        }
        return nil
    }

    /// Gives a node a value in place of its children.
    mutating func replace(_ node: Int32, by value: AttributeValue) {
        nodes[Int(node)].attribute = Int32(truncatingIfNeeded: attributes.count)
        nodes[Int(node)].firstChild = Self.noNode
        nodes[Int(node)].lastChild = Self.noNode
        nodes[Int(node)].childCount = 0
        nodes[Int(node)].digitChildCount = 0
        attributes.append(Attribute(key: .none, value: value))
        path.truncate(to: 0)
    }
}
