/// Whom the simulator plays. Requests are counted and faults are aimed under these names.
///
/// GitHub is played at the root, as it was first; each other one below the path of its name, so that one port serves
/// them all: a base address is `http://127.0.0.1:PORT/vercel`.
package enum SimulatedPart: String, CaseIterable, Hashable, Sendable {
    case github, vercel, sanity, supabase
    /// HTTP workers of projects.
    case services
    /// The providers' status pages.
    case statuspage
}
