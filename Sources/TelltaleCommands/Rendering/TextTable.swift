/// Rows of cells in columns that are as wide as their widest cell.
package struct TextTable: Sendable {
    package struct Cell: Hashable, Sendable {
        package var text: String
        package var style: Paint.Style

        package init(_ text: String, _ style: Paint.Style = .plain) {
            self.text = text
            self.style = style
        }
    }

    private static let gap = "  "
    /// No column is cut to less.
    private static let shrunkWidthMin = 8

    private var columnWidths: [Int]

    /// Measures the rows. Where they do not fit `width`, the column that may shrink does.
    ///
    /// - Parameters:
    ///   - rows: The cells; a row may have fewer than another.
    ///   - width: The columns of the terminal; nil for any.
    ///   - shrinking: Which column is cut where the width does not suffice.
    package init(fitting rows: some Sequence<[Cell]>, width: Int? = nil, shrinking: Int? = nil) {
        columnWidths = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == columnWidths.count { columnWidths.append(0) }
                columnWidths[column] = max(columnWidths[column], TerminalText.width(of: cell.text))
            }
        }
        guard let width, let shrinking, shrinking < columnWidths.count, totalWidth > width else { return }
        let shrunk = columnWidths[shrinking] - (totalWidth - width)
        columnWidths[shrinking] = max(min(Self.shrunkWidthMin, columnWidths[shrinking]), shrunk)
    }

    /// The width of a row whose cells are all there.
    package var totalWidth: Int {
        columnWidths.reduce(0, +) + Self.gap.count * max(0, columnWidths.count - 1)
    }

    /// One line, without spaces at its end.
    package func line(_ row: [Cell], paint: Paint) -> String {
        let last = row.lastIndex { !$0.text.isEmpty } ?? 0
        return row.prefix(last + 1).enumerated().map { column, cell in
            let text = TerminalText.truncated(cell.text, to: columnWidths[column])
            let padding = column == last ? 0 : columnWidths[column] - TerminalText.width(of: text)
            return paint(text, cell.style) + String(repeating: " ", count: padding)
        }.joined(separator: Self.gap)
    }
}
