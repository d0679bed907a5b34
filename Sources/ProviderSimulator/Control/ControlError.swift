/// Why the control interface refused, in a sentence that says what to do.
package struct ControlError: Error, Hashable, Sendable {
    /// The HTTP status: 400 wrong body, 404 no such thing, 405 wrong method, 409 in the way of what is there.
    package var status: Int
    package var message: String

    init(_ status: Int, _ message: String) {
        self.status = status
        self.message = message
    }

    var answer: SimulatedAnswer { .json(status, ["error": message]) }
}
