/// How providers are called.
package struct HTTPConfiguration: Hashable, Sendable {
    /// A file of certificates (PEM) to trust beside the system's.
    package var caFile: String?
    /// Time to connect, name resolution and TLS included.
    package var connectTimeout: Duration = .seconds(2)
    /// Time for all of one request.
    package var totalTimeout: Duration = .seconds(10)

    package init() {}
}

extension HTTPConfiguration: TabularSection {
    package static var fields: [ConfigField<Self>] {
        [
            .path("caFile", \.caFile),
            .duration("connectTimeout", \.connectTimeout, .milliseconds(50)...(.seconds(60))),
            .duration("totalTimeout", \.totalTimeout, .milliseconds(100)...(.seconds(300))),
        ]
    }

    package var conflicts: [(key: String, message: String)] {
        connectTimeout > totalTimeout ? [("connectTimeout", "is longer than totalTimeout")] : []
    }
}
