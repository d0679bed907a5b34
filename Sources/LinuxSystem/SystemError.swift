import CLinux
import Glibc

/// A system call that failed: which one, and why.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name: `bind`, `epoll_ctl`.
    package let function: String
    /// The value of `errno`.
    package let errno: Int32

    package init(function: String, errno: Int32) {
        self.function = function
        self.errno = errno
    }

    package var description: String {
        "\(function): \(String(cString: strerror(errno)))"
    }
}
