import CLinux
import Glibc

/// A file descriptor with one owner: it is closed exactly once, when its owner lets go of it.
package struct OwnedDescriptor: ~Copyable {
    /// The descriptor, to lend to a call. It is valid as long as its owner lives.
    package let rawValue: Int32

    /// Takes ownership of an open descriptor.
    package init(owning rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Gives the descriptor away without closing it.
    package consuming func relinquish() -> Int32 {
        let value = rawValue
        discard self
        return value
    }

    deinit {
        // EINTR from close(2) leaves the descriptor closed on Linux, and no other error can be acted upon.
        _ = close(rawValue)
    }
}

/// How many descriptors this process may have.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one: a connection is a descriptor, and how many there may be the configuration says.
    package static func raise() { telltale_raise_descriptor_limit() }
}
