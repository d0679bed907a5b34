/// Draws frames over one another in place: the lines above the cursor, each cleared behind its end.
///
/// The cursor is neither hidden nor moved away from the line below the frame, so whatever ends the program leaves the
/// terminal as it was.
package struct LiveScreen: Sendable {
    private var lineCount = 0
    private var columns: Int?

    package init() {}

    /// What to write to show the lines instead of those of the frame before.
    package mutating func frame(_ lines: [String], columns: Int) -> String {
        var text = ""
        if let drawn = self.columns, drawn != columns {
            // The terminal has broken the old lines anew, so nobody knows how many there are.
            text += "\u{1B}[H\u{1B}[2J"
        } else if lineCount > 0 {
            text += "\u{1B}[\(lineCount)A"
        }
        for line in lines { text += "\r\(line)\u{1B}[K\n" }
        text += "\u{1B}[J"
        lineCount = lines.count
        self.columns = columns
        return text
    }
}
