/// Whom a token belongs to.
struct VercelUserBody: Encodable, Sendable {
    struct User: Encodable, Sendable {
        var id: String
        var username: String
        var email: String
    }

    var user: User

    init(_ token: VercelToken) {
        user = User(id: token.userID, username: token.username, email: "\(token.username)@example.com")
    }
}
