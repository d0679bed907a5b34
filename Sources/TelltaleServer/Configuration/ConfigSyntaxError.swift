/// Where a file is no JSON5, or more of it than the daemon reads.
package struct ConfigSyntaxError: Error, Hashable, Sendable {
    /// Counted from 1.
    package var line: Int
    /// Counted in bytes from 1.
    package var column: Int
    package var message: String
}
