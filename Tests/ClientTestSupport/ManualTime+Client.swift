import StatusCore
package import TelltaleClient
package import TestSupport

extension ManualTime {
    /// The clock of a client that this one drives.
    package var clientClock: ClientClock {
        ClientClock(now: { self.now.instant }, sleep: { try await self.sleep(until: $0) })
    }
}
