/// A closure to keep in a ``Lock``.
///
/// A lock is generic, so a closure that lies in it alone is wrapped when it is taken out and wrapped again when it is put
/// back, and whoever takes it out puts it back: each look makes the chain longer by two, until a call of it overflows
/// the stack. In a value of its own it is stored as it is.
package struct Action: Sendable {
    private let body: @Sendable () -> Void

    package init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    package func callAsFunction() { body() }
}
