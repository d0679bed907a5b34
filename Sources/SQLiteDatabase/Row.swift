import CSQLite

/// The row at which a statement stands. Valid only during the call that hands it over.
///
/// What a file holds need not be what was written: each reader checks the type, and gives nil for another.
package struct Row {
    private let statement: OpaquePointer

    init(statement: OpaquePointer) { self.statement = statement }

    /// The integer in a column, counted from 0.
    package func integer(_ column: Int32) -> Int64? {
        guard sqlite3_column_type(statement, column) == SQLITE_INTEGER else { return nil }
        return sqlite3_column_int64(statement, column)
    }

    /// The text in a column; nil too for bytes that are not UTF-8.
    package func text(_ column: Int32) -> String? {
        guard sqlite3_column_type(statement, column) == SQLITE_TEXT, let bytes = sqlite3_column_text(statement, column)
        else { return nil }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(validating: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Lends the bytes in a column, which are gone afterwards.
    package func withBlob<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        guard sqlite3_column_type(statement, column) == SQLITE_BLOB else { return nil }
        let bytes = sqlite3_column_blob(statement, column)
        // Out of memory gives no address either, and then the bytes are not there to be counted.
        let count = bytes == nil ? 0 : Int(sqlite3_column_bytes(statement, column))
        return body(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// A copy of the bytes in a column.
    package func blob(_ column: Int32) -> [UInt8]? { withBlob(column) { Array($0) } }

    /// The value in a column, of whatever type; nil for a number with a fraction, which nobody writes, and for text that is
    /// not UTF-8.
    package func value(_ column: Int32) -> SQLValue? {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_NULL: .null
        case SQLITE_INTEGER: integer(column).map(SQLValue.integer)
        case SQLITE_TEXT: text(column).map(SQLValue.text)
        case SQLITE_BLOB: blob(column).map(SQLValue.blob)
        default: nil
        }
    }
}
