/// A bounded dictionary that forgets what was used longest ago; every operation on one element takes constant time.
///
/// Its nodes lie side by side in one array and name their neighbours in the order of use by position. A removal moves
/// the last node into the hole, so the array never has one.
struct LRUTable<Key: Hashable, Element> {
    private struct Node {
        let key: Key
        var element: Element
        /// The position of the node that was used next after this one.
        var newer: Int?
        var older: Int?
    }

    let capacity: Int
    private var nodes: [Node] = []
    private var positions: [Key: Int] = [:]
    private var newest: Int?
    private var oldest: Int?

    /// Holds at most `capacity` elements, and at least one.
    init(capacity: Int) {
        self.capacity = max(capacity, 1)
    }

    var count: Int { nodes.count }

    /// The elements in no order that means anything.
    var elements: some Sequence<Element> { nodes.lazy.map(\.element) }

    /// The keys from the newest use to the oldest.
    var keysByRecency: [Key] {
        var keys: [Key] = []
        var next = newest
        while let position = next {
            keys.append(nodes[position].key)
            next = nodes[position].older
        }
        return keys
    }

    /// Where the element is until the next insertion or removal.
    func position(of key: Key) -> Int? { positions[key] }

    subscript(position: Int) -> Element {
        get { nodes[position].element }
        _modify { yield &nodes[position].element }
    }

    mutating func markUsed(_ position: Int) {
        guard newest != position else { return }
        unlink(position)
        linkAsNewest(position)
    }

    /// Adds an element under a key that is not there, as the newest.
    ///
    /// - Returns: Whether the least recently used element had to make room.
    mutating func insert(_ element: Element, for key: Key) -> Bool {
        precondition(positions[key] == nil, "An element is already there; assign to its position.")
        let isFull = nodes.count == capacity
        if isFull, let oldest { remove(at: oldest) }
        positions[key] = nodes.count
        nodes.append(Node(key: key, element: element))
        linkAsNewest(nodes.count - 1)
        return isFull
    }

    mutating func remove(at position: Int) {
        unlink(position)
        positions[nodes[position].key] = nil
        let last = nodes.count - 1
        if position != last {
            nodes.swapAt(position, last)
            nodeMoved(to: position)
        }
        nodes.removeLast()
    }

    /// Removes what the predicate picks, in time proportional to the count.
    ///
    /// - Returns: How many elements were removed.
    mutating func removeAll(where isPicked: (Key, Element) -> Bool) -> Int {
        let countBefore = nodes.count
        // From the end, because a removal fills its hole with a node from behind it, which was asked about already.
        for position in nodes.indices.reversed() where isPicked(nodes[position].key, nodes[position].element) {
            remove(at: position)
        }
        return countBefore - nodes.count
    }

    mutating func removeAll() { self = LRUTable(capacity: capacity) }

    private mutating func linkAsNewest(_ position: Int) {
        nodes[position].newer = nil
        nodes[position].older = newest
        if let newest { nodes[newest].newer = position } else { oldest = position }
        newest = position
    }

    private mutating func unlink(_ position: Int) {
        let (newer, older) = (nodes[position].newer, nodes[position].older)
        if let newer { nodes[newer].older = older } else { newest = older }
        if let older { nodes[older].newer = newer } else { oldest = newer }
    }

    /// Tells the neighbours and the index where the node is now.
    private mutating func nodeMoved(to position: Int) {
        positions[nodes[position].key] = position
        if let newer = nodes[position].newer { nodes[newer].older = position } else { newest = position }
        if let older = nodes[position].older { nodes[older].newer = position } else { oldest = position }
    }
}
