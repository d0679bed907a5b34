import Glibc

/// A literal IP address, by what kind of place it names.
package struct IPAddress: Hashable, Sendable {
    /// The places that matter to ``PeerRule``.
    package enum Place: Hashable, Sendable {
        /// This machine: 127/8, ::1, and the unspecified addresses, which Linux connects to itself.
        case loopback
        /// 169.254/16 (RFC 3927) and fe80::/10 (RFC 4291 §2.5.6); the former holds most clouds' metadata service.
        case linkLocal
        /// A cloud's metadata service outside the link-local range.
        case metadata
        case elsewhere
    }

    /// 4 or 16 bytes in network order.
    package let bytes: [UInt8]

    /// Reads dotted IPv4 or IPv6 text, a zone (`%eth0`) allowed; nil for anything else, names included.
    package init?(_ text: String) {
        let address = text.prefix { $0 != "%" }
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, String(address), &v4) == 1 {
            bytes = withUnsafeBytes(of: v4) { Array($0) }
        } else if inet_pton(AF_INET6, String(address), &v6) == 1 {
            bytes = withUnsafeBytes(of: v6) { Array($0) }
        } else {
            return nil
        }
    }

    /// Reads the address out of a `sockaddr_in` or `sockaddr_in6`; nil for another family or too few bytes.
    package init?(socketAddress: UnsafeRawBufferPointer, family: Int32) {
        switch family {
        case AF_INET where socketAddress.count >= MemoryLayout<sockaddr_in>.size:
            let address = socketAddress.loadUnaligned(as: sockaddr_in.self).sin_addr
            bytes = withUnsafeBytes(of: address) { Array($0) }
        case AF_INET6 where socketAddress.count >= MemoryLayout<sockaddr_in6>.size:
            let address = socketAddress.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            bytes = withUnsafeBytes(of: address) { Array($0) }
        default:
            return nil
        }
    }

    private init(v4 bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    package var place: Place { bytes.count == 4 ? placeInV4 : placeInV6 }

    private var placeInV4: Place {
        switch (bytes[0], bytes[1]) {
        case (127, _), (0, _): .loopback
        case (169, 254): .linkLocal
        default: Self.metadataServices.contains(bytes) ? .metadata : .elsewhere
        }
    }

    private var placeInV6: Place {
        if bytes.dropLast() == Self.zeros[0..<15], bytes[15] <= 1 { return .loopback }
        if bytes[0] == 0xFE, bytes[1] & 0xC0 == 0x80 { return .linkLocal }
        if Self.metadataServices.contains(bytes) { return .metadata }
        // An IPv4 address in IPv6 clothes: mapped, compatible (RFC 4291 §2.5.5), or behind NAT64 (RFC 6052).
        let prefix = Array(bytes[0..<12])
        guard Self.v4Prefixes.contains(prefix) else { return .elsewhere }
        return IPAddress(v4: bytes[12..<16]).place
    }

    private static let zeros = [UInt8](repeating: 0, count: 16)
    private static let v4Prefixes: [[UInt8]] = [
        Array(zeros[0..<12]), Array(zeros[0..<10]) + [0xFF, 0xFF], [0x00, 0x64, 0xFF, 0x9B] + Array(zeros[0..<8]),
    ]
    /// By their makers' documentation: Alibaba Cloud, Azure, Oracle Cloud; Amazon and Google over IPv6.
    private static let metadataServices = Set(
        ["100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"]
            .compactMap { IPAddress($0)?.bytes })
}
