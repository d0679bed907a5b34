import CLinux
import Glibc

extension StandardStream {
    /// The size of a terminal in characters.
    package struct TerminalSize: Hashable, Sendable {
        package var columns: Int
        package var rows: Int

        package init(columns: Int, rows: Int) {
            self.columns = columns
            self.rows = rows
        }
    }

    /// The size of the terminal behind the stream, 80×24 when it does not say; nil when it is no terminal.
    package var terminalSize: TerminalSize? {
        guard isatty(rawValue) == 1 else { return nil }
        var (columns, rows): (UInt16, UInt16) = (0, 0)
        guard telltale_terminal_size(rawValue, &columns, &rows) == 0, columns > 0, rows > 0 else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: Int(columns), rows: Int(rows))
    }

    /// Whether the stream is a pipe or a socket whose other end is closed. It does not wait.
    package var isReaderGone: Bool {
        var looked = pollfd(fd: rawValue, events: 0, revents: 0)
        return poll(&looked, 1, 0) == 1 && looked.revents & Int16(POLLERR | POLLHUP) != 0
    }

    /// Writes all of the bytes, and waits where the reader is slow.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
        var rest = bytes
        while !rest.isEmpty {
            switch SystemCalls.retrying("write", { Glibc.write(rawValue, rest.baseAddress, rest.count) }) {
            case .success(let count): rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            case .failure(let error):
                // Whoever gave us the stream may have made it non-blocking.
                guard error.errno == EAGAIN else { throw error }
                var waiting = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
                try SystemCalls.checked("poll") { poll(&waiting, 1, -1) }
            }
        }
    }
}
