/// The name that a person meant.
package enum Suggestion {
    /// How many letters may be wrong.
    package static let distanceMax = 2
    /// Longer names are no slip of a known one.
    private static let lengthMax = 64

    /// The nearest known name, at most ``distanceMax`` edits away and sharing at least one letter; nil when none is near.
    package static func nearest(to name: String, among known: [String]) -> String? {
        guard name.utf8.count <= lengthMax else { return nil }
        let near = known.map { (name: $0, distance: distance(name.lowercased(), $0.lowercased())) }
        return near.filter { $0.distance <= distanceMax && $0.distance < min(name.utf8.count, $0.name.utf8.count) }
            .min { $0.distance < $1.distance }?.name
    }

    /// `; did you mean "repo"?`, or nothing.
    package static func question(about name: String, among known: [String]) -> String {
        nearest(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// How many bytes must be inserted, removed or replaced (Levenshtein).
    package static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var previous = Array(0...right.count)
        for (row, byte) in left.utf8.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (byte == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
