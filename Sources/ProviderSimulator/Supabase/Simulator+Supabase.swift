extension Simulator {
    /// Supabase's projects, tokens, clients and limits.
    package var supabase: SupabaseControls { SupabaseControls(simulator: self) }
}

/// The commands of `/_sim/supabase/`, as methods. Each throws ``ControlError`` for what the interface would refuse.
package struct SupabaseControls: Sendable {
    fileprivate let simulator: Simulator

    /// Makes or changes a project; a new one is well, and has neither keys nor tables.
    package func setProject(
        _ ref: String, _ patch: SupabaseProjectPatch = SupabaseProjectPatch()
    ) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in
            try state.supabase.setProject(ref, patch, now: now)
        }
    }

    package func removeProject(_ ref: String) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.supabase.removeProject(ref) }
    }

    /// Makes or changes a management token; a new one may read projects.
    package func setToken(
        _ credential: String, _ patch: SupabaseTokenPatch = SupabaseTokenPatch()
    ) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in
            try state.supabase.setToken(credential, patch, now: now)
        }
    }

    /// Makes a client of OAuth, or gives it another secret.
    package func setClient(_ name: String, secret: String) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in
            try state.supabase.setClient(name, SupabaseClientPatch(secret: secret))
        }
    }

    /// Makes or changes a refresh token; a new one needs its client.
    package func setRefreshToken(_ token: String, _ patch: SupabaseRefreshTokenPatch) throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in try state.supabase.setRefreshToken(token, patch) }
    }

    /// How many refreshes were granted.
    package var grantCount: UInt64 {
        get throws(ControlError) {
            try simulator.change { state, _ throws(ControlError) in state.supabase.oauth.grantCount }
        }
    }

    /// Makes everybody run into the management API's limit.
    package func reachLimit(_ order: SupabaseLimitOrder = SupabaseLimitOrder()) throws(ControlError) {
        try simulator.change { state, now throws(ControlError) in try state.supabase.reachLimit(order, now: now) }
    }

    /// Forgets every limit, and every request counted against one.
    package func clearLimits() throws(ControlError) {
        try simulator.change { state, _ throws(ControlError) in state.supabase.clearLimits() }
    }
}
