extension AttributeTree {
    /// Writes the tree as one JSON object.
    func write(to output: inout ByteWriter) throws(WireError) {
        var writer = TreeWriter()
        try writer.writeObject(of: 0, in: self, to: &output)
    }

    /// Writes what a node without a value of its own stands for: a list or an object.
    func writeContent(of node: Int32, to output: inout ByteWriter) throws(WireError) {
        var writer = TreeWriter()
        if hasPositions(node) {
            try writer.writeList(of: node, in: self, to: &output)
        } else {
            try writer.writeObject(of: node, in: self, to: &output)
        }
    }

    @inline(__always)
    fileprivate func hasPositions(_ node: Int32) -> Bool {
        nodes[Int(node)].digitChildCount > 0 && positionCount(of: node) > 0
    }

    private func positionCount(of node: Int32) -> Int {
        var count = 0
        var child = nodes[Int(node)].firstChild
        while child != Self.noNode {
            if nodes[Int(child)].isPosition { count += 1 }
            child = nodes[Int(child)].nextSibling
        }
        return count
    }

    /// The positions below a node by number, where they are not in that order already.
    fileprivate func sortedPositions(of node: Int32) -> [Int32]? {
        var isSorted = true
        var previous: Int32?
        var child = nodes[Int(node)].firstChild
        while child != Self.noNode {
            if nodes[Int(child)].isPosition {
                if let previous, !precedes(previous, child) { isSorted = false }
                previous = child
            }
            child = nodes[Int(child)].nextSibling
        }
        return isSorted ? nil : positions(of: node).sorted { precedes($0, $1) }
    }

    private func precedes(_ left: Int32, _ right: Int32) -> Bool {
        let (left, right) = (nodes[Int(left)].name.withoutLeadingZeros, nodes[Int(right)].name.withoutLeadingZeros)
        return KeyPieces.compareNumbers(left, right) < 0
    }

    private func positions(of node: Int32) -> [Int32] {
        var positions: [Int32] = []
        var child = nodes[Int(node)].firstChild
        while child != Self.noNode {
            if nodes[Int(child)].isPosition { positions.append(child) }
            child = nodes[Int(child)].nextSibling
        }
        return positions
    }
}

/// Goes through a tree. A node's key is its name; below a place with a value it is the names from there on, with dots.
private struct TreeWriter {
    /// The places with a value above the node being written. Those from `prefixStart` on are in the same object.
    private var prefix: [Int32] = []
    private var prefixStart = 0

    mutating func writeObject(
        of node: Int32, in tree: borrowing AttributeTree, to output: inout ByteWriter
    ) throws(WireError) {
        let outer = prefixStart
        prefixStart = prefix.count
        output.put(UInt8(ascii: "{"))
        try writeChildren(of: node, in: tree, to: &output)
        output.put(UInt8(ascii: "}"))
        prefixStart = outer
    }

    mutating func writeList(
        of node: Int32, in tree: borrowing AttributeTree, to output: inout ByteWriter
    ) throws(WireError) {
        output.put(UInt8(ascii: "["))
        if let sorted = tree.sortedPositions(of: node) {
            for position in sorted {
                output.putSeparator()
                try writeObject(of: position, in: tree, to: &output)
            }
        } else {
            var child = tree.nodes[Int(node)].firstChild
            while child != AttributeTree.noNode {
                let current = tree.nodes[Int(child)]
                if current.isPosition {
                    output.putSeparator()
                    try writeObject(of: child, in: tree, to: &output)
                }
                child = current.nextSibling
            }
        }
        output.put(UInt8(ascii: "]"))
    }

    private mutating func writeChildren(
        of node: Int32, in tree: borrowing AttributeTree, to output: inout ByteWriter, exceptPositions: Bool = false
    ) throws(WireError) {
        var child = tree.nodes[Int(node)].firstChild
        while child != AttributeTree.noNode {
            let current = tree.nodes[Int(child)]
            if !(exceptPositions && current.isPosition) { try writeMember(child, in: tree, to: &output) }
            child = current.nextSibling
        }
    }

    private mutating func writeMember(
        _ node: Int32, in tree: borrowing AttributeTree, to output: inout ByteWriter
    ) throws(WireError) {
        let current = tree.nodes[Int(node)]
        writeKey(current.name, in: tree, to: &output)
        if current.attribute != AttributeTree.noNode {
            try output.putJSON(tree.attributes[Int(current.attribute)].value)
            if current.firstChild != AttributeTree.noNode { try writeBeside(node, in: tree, to: &output) }
        } else if tree.hasPositions(node) {
            try writeList(of: node, in: tree, to: &output)
            try writeBeside(node, in: tree, to: &output, exceptPositions: true)
        } else {
            try writeObject(of: node, in: tree, to: &output)
        }
    }

    /// Writes a node's children into the object that the node itself is in.
    private mutating func writeBeside(
        _ node: Int32, in tree: borrowing AttributeTree, to output: inout ByteWriter, exceptPositions: Bool = false
    ) throws(WireError) {
        prefix.append(node)
        try writeChildren(of: node, in: tree, to: &output, exceptPositions: exceptPositions)
        prefix.removeLast()
    }

    @inline(__always)
    private func writeKey(_ name: Bytes, in tree: borrowing AttributeTree, to output: inout ByteWriter) {
        output.putSeparator()
        output.put(UInt8(ascii: "\""))
        for index in prefixStart..<prefix.count {
            output.putJSONContent(tree.nodes[Int(prefix[index])].name)
            output.put(UInt8(ascii: "."))
        }
        output.putJSONContent(name)
        output.put(UInt8(ascii: "\""))
        output.put(UInt8(ascii: ":"))
    }
}
