/// On which line each value of a configuration file begins.
package struct ConfigSourceMap: Sendable {
    /// A name that one object holds twice; readers would disagree on which of the two counts.
    package struct Duplicate: Hashable, Sendable {
        package var path: ConfigPath
        package var line: Int
        package var firstLine: Int
    }

    /// At most this many are kept.
    package static let duplicatesMax = 1_000

    /// A value is found by its parent's number and its own name, so the whole tree is one flat table.
    private struct Place: Hashable {
        var parent: Int
        var step: ConfigPath.Step
    }

    package private(set) var duplicates: [Duplicate] = []
    private var lines: [Int]
    private var numbers: [Place: Int] = [:]

    /// A map that knows only where the top value begins.
    package init(rootLine: Int = 1) { lines = [rootLine] }

    /// How many values it knows.
    package var count: Int { lines.count }

    /// Adds the value that `step` names below the value number `parent` (0 is the top), and returns its number.
    ///
    /// Of two with one name the first stays, as the decoder has it.
    mutating func insert(_ path: ConfigPath, below parent: Int, line: Int) -> Int {
        guard let step = path.steps.last else { return 0 }
        let number = lines.count
        lines.append(line)
        let place = Place(parent: parent, step: step)
        if let first = numbers[place] {
            if duplicates.count < Self.duplicatesMax {
                duplicates.append(Duplicate(path: path, line: line, firstLine: lines[first]))
            }
        } else {
            numbers[place] = number
        }
        return number
    }

    /// The line of the value at a path, or of the nearest value that holds it.
    package func line(of path: ConfigPath) -> Int {
        var number = 0
        for step in path.steps {
            guard let next = numbers[Place(parent: number, step: step)] else { break }
            number = next
        }
        return lines[number]
    }
}
