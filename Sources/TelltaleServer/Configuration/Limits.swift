/// What one daemon grants its peers (SPEC §8). A peer past a limit is refused with its reason; the others are served.
package struct Limits: Hashable, Sendable {
    /// Connections at once, of all users together.
    package var connectionsMax = 512
    /// Connections at once of one user; besides, no user has more than three quarters of all.
    package var connectionsPerUserMax = 64
    /// Places kept free for root, so that an operator can always look.
    package var connectionsReservedForRoot = 4
    package var callsPerConnectionMax = 128
    package var watchesPerConnectionMax = 32
    /// The longest frame, either way.
    package var frameBytesMax = 4 << 20
    /// Time to finish a frame that has begun.
    package var frameTimeout: Duration = .seconds(5)
    /// Time without any progress of waiting output.
    package var writeTimeout: Duration = .seconds(10)
    /// Output waiting on one connection.
    package var queuedBytesMax = 4 << 20
    /// Time without a stream after which a connection is closed.
    package var idleTimeout: Duration = .seconds(300)

    package init() {}
}

extension Limits: TabularSection {
    package static var fields: [ConfigField<Self>] {
        [
            .count("connections", \.connectionsMax, 8...65_536),
            .count("perUid", \.connectionsPerUserMax, 1...65_536),
            .count("reservedForRoot", \.connectionsReservedForRoot, 0...1_024),
            .count("callsPerConnection", \.callsPerConnectionMax, 1...65_536),
            .count("watchesPerConnection", \.watchesPerConnectionMax, 1...65_536),
            .bytes("frameBytes", \.frameBytesMax, 16 << 10...4 << 20),
            .duration("frameTimeout", \.frameTimeout, .milliseconds(100)...(.seconds(60))),
            .duration("writeTimeout", \.writeTimeout, .milliseconds(100)...(.seconds(300))),
            .bytes("queuedBytes", \.queuedBytesMax, 64 << 10...256 << 20),
            .duration("idleTimeout", \.idleTimeout, .seconds(1)...(.seconds(86_400))),
        ]
    }

    package var conflicts: [(key: String, message: String)] {
        var found: [(key: String, message: String)] = []
        if connectionsReservedForRoot >= connectionsMax {
            found.append(("reservedForRoot", "leaves no place for others; it must be less than connections"))
        }
        if queuedBytesMax < frameBytesMax {
            found.append(("queuedBytes", "must be at least frameBytes, or the longest answer could never be sent"))
        }
        return found
    }
}
