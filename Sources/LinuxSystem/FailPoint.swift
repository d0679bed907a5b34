#if DEBUG
    import Glibc
    import Synchronization

    /// Named places at which a test ends the process as a power cut would: `TELLTALE_FAILPOINT=NAME` or `NAME:N` in the
    /// environment kills it on the N-th pass (from 1). Debug builds only.
    package enum FailPoint {
        private static let plan = Plan()

        /// Ends the process with SIGKILL if the environment says so.
        package static func pass(_ name: StaticString) { plan?.pass(name) }

        private final class Plan: Sendable {
            private let name: String
            private let passesLeft: Atomic<Int>

            /// Nil without the variable: then a pass is one comparison.
            init?() {
                guard let text = getenv("TELLTALE_FAILPOINT").flatMap({ String(validatingCString: $0) }) else {
                    return nil
                }
                let parts = text.split(separator: ":", maxSplits: 1)
                name = parts.first.map(String.init) ?? ""
                passesLeft = Atomic(parts.count > 1 ? Int(parts[1]) ?? 1 : 1)
            }

            func pass(_ name: StaticString) {
                guard name.description == self.name else { return }
                if passesLeft.subtract(1, ordering: .relaxed).newValue == 0 { kill(getpid(), SIGKILL) }
            }
        }
    }
#else
    /// Nothing, in a build for use.
    package enum FailPoint {
        @inlinable
        package static func pass(_ name: StaticString) {}
    }
#endif
