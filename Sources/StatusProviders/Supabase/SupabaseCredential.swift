import StatusCore
import StatusModel

/// Checks that a secret can stand in a header field, so that none can add a field of its own.
enum SupabaseCredential {
    /// - Parameters:
    ///   - secret: What the reference led to.
    ///   - name: What people call it.
    /// - Returns: The credential, or why it spoils whatever needs it.
    static func usable(_ secret: Secret, named name: String) -> Result<String, ProviderFailure> {
        let text = secret.reveal()
        // Visible ASCII.
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return .failure(
                ProviderFailure(
                    code: .misconfigured, cause: .host,
                    hint: "The Supabase \(name) is none; store it alone, without spaces or line breaks.",
                    disposition: .replaces))
        }
        return .success(text)
    }
}
