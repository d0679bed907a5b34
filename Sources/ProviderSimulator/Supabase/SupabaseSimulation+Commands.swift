import StatusModel

extension SupabaseSimulation {
    /// Makes or changes a project.
    mutating func setProject(_ ref: String, _ patch: SupabaseProjectPatch, now: UnixTime) throws(ControlError) {
        guard ref.utf8.count == 20, ref.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
        else { throw ControlError(400, "\(quoted(ref)) is no project's reference: 20 lower-case letters") }
        guard projects[ref] != nil || projects.count < Self.projectsMax else {
            throw ControlError(409, "there are \(Self.projectsMax) projects already; DELETE one of them")
        }
        var project =
            projects[ref]
            ?? SupabaseProject(ref: ref, name: ref, createdAt: now.advanced(by: .seconds(-365 * 86_400)))
        if let name = patch.name { project.name = try Self.text(name, "name") }
        if let status = patch.status { project.status = try Self.text(status, "status") }
        if let services = patch.services {
            guard services.keys.allSatisfy(SupabaseProject.services.contains) else {
                throw ControlError(
                    400, "'services' are: \(SupabaseProject.services.joined(separator: ", "))")
            }
            for state in services.values { _ = try Self.text(state, "services") }
            project.unwell = services
        }
        if let keys = patch.keys { project.keys = Set(try Self.texts(keys, "keys")) }
        if let tables = patch.tables {
            _ = try Self.texts(Array(tables.keys), "tables")
            project.tables = tables.mapValues { Set($0.prefix(64)) }
        }
        if let hidden = patch.hiddenTables { project.hiddenTables = Set(try Self.texts(hidden, "hidden_tables")) }
        if let functions = patch.functions { project.functions = Set(try Self.texts(functions, "functions")) }
        if let restriction = patch.restriction { project.restriction = restriction.isEmpty ? nil : restriction }
        if let error = patch.databaseError { project.databaseError = error.isEmpty ? nil : error }
        projects[ref] = project
    }

    /// Takes a project away: the management API does not know it any more, and its host is gone.
    mutating func removeProject(_ ref: String) throws(ControlError) {
        guard projects.removeValue(forKey: ref) != nil else {
            throw ControlError(404, "there is no project \(quoted(ref)); make it: PUT /_sim/supabase/projects/\(ref)")
        }
    }

    /// Makes or changes a management token; a new one may read projects.
    mutating func setToken(_ credential: String, _ patch: SupabaseTokenPatch, now: UnixTime) throws(ControlError) {
        _ = try Self.text(credential, "token")
        guard tokens[credential] != nil || tokens.count < Self.tokensMax else {
            throw ControlError(409, "there are \(Self.tokensMax) tokens already; change one of them")
        }
        var token = tokens[credential] ?? SupabaseToken()
        if let scopes = patch.scopes { token.scopes = Set(try Self.texts(scopes, "scopes")) }
        token.isRevoked = patch.revoked ?? token.isRevoked
        token.minuteLimit = try bounded(patch.minuteLimit, "minute_limit", 0...1_000_000) ?? token.minuteLimit
        if let seconds = try bounded(patch.expiresIn, "expires_in_s", -86_400...31_536_000) {
            token.expiresAt = now.advanced(by: .seconds(seconds))
        }
        tokens[credential] = token
    }

    /// Makes or changes a client of OAuth.
    mutating func setClient(_ name: String, _ patch: SupabaseClientPatch) throws(ControlError) {
        _ = try Self.texts([name, patch.secret], "client")
        guard oauth.clients[name] != nil || oauth.clients.count < SupabaseOAuth.clientsMax else {
            throw ControlError(409, "there are \(SupabaseOAuth.clientsMax) clients already; change one of them")
        }
        oauth.clients[name] = patch.secret
    }

    /// Makes or changes a refresh token; a new one needs its client.
    mutating func setRefreshToken(_ token: String, _ patch: SupabaseRefreshTokenPatch) throws(ControlError) {
        _ = try Self.text(token, "refresh token")
        guard let client = patch.client ?? oauth.refreshTokens[token]?.client, oauth.clients[client] != nil else {
            throw ControlError(404, "'client' names no client; make it: PUT /_sim/supabase/clients/{id}")
        }
        guard oauth.refreshTokens[token] != nil || oauth.refreshTokens.count < SupabaseOAuth.refreshTokensMax else {
            throw ControlError(409, "there are \(SupabaseOAuth.refreshTokensMax) refresh tokens already")
        }
        var known = oauth.refreshTokens[token] ?? SupabaseOAuth.RefreshToken(client: client)
        known.client = client
        known.isRevoked = patch.revoked ?? known.isRevoked
        if let scopes = patch.scopes { known.scopes = Set(try Self.texts(scopes, "scopes")) }
        if let seconds = try bounded(patch.lifetime, "lifetime_s", 1...86_400) { known.lifetime = .seconds(seconds) }
        oauth.refreshTokens[token] = known
    }

    /// Makes everybody run into the management API's limit.
    mutating func reachLimit(_ order: SupabaseLimitOrder, now: UnixTime) throws(ControlError) {
        let seconds = try bounded(order.forSeconds, "for_s", 1...86_400) ?? 60
        limits.exhaustedUntil = now.advanced(by: .seconds(seconds))
    }

    /// Forgets every limit and every request counted.
    mutating func clearLimits() { limits = SupabaseLimits() }

    /// What is told again, or stands in a header field: 1 to 255 printable ASCII characters.
    private static func text(_ text: String, _ name: String) throws(ControlError) -> String {
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw ControlError(400, "'\(name)' must be 1 to 255 printable ASCII characters")
        }
        return text
    }

    private static func texts(_ texts: [String], _ name: String) throws(ControlError) -> [String] {
        guard texts.count <= 64 else { throw ControlError(400, "'\(name)' may have at most 64 elements") }
        for text in texts { _ = try Self.text(text, name) }
        return texts
    }
}
