import Glibc

/// Where a program speaks to the person who started it.
package enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes all of a text; an error is nobody's to hear of, for this is where errors are told.
    package func write(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            var rest = UnsafeRawBufferPointer(utf8)
            while !rest.isEmpty {
                guard
                    case .success(let count) = SystemCalls.retrying(
                        "write", { Glibc.write(rawValue, rest.baseAddress, rest.count) })
                else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
