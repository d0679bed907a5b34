import HTTPClient
import Testing

struct PeerRuleTests {
    @Test(
        "an address is put in its place",
        arguments: [
            ("127.0.0.1", IPAddress.Place.loopback), ("127.255.0.9", .loopback), ("0.0.0.0", .loopback),
            ("::1", .loopback), ("::", .loopback), ("::ffff:127.0.0.1", .loopback), ("::127.0.0.1", .loopback),
            ("64:ff9b::7f00:1", .loopback), ("169.254.169.254", .linkLocal), ("::ffff:169.254.0.1", .linkLocal),
            ("64:ff9b::169.254.169.254", .linkLocal), ("fe80::1", .linkLocal), ("fe80::1%eth0", .linkLocal),
            ("febf::1", .linkLocal), ("100.100.100.200", .metadata), ("168.63.129.16", .metadata),
            ("::ffff:100.100.100.200", .metadata), ("fd00:ec2::254", .metadata), ("fec0::1", .elsewhere),
            ("10.0.0.1", .elsewhere), ("192.168.1.1", .elsewhere), ("8.8.8.8", .elsewhere), ("::2", .loopback),
            ("2001:db8::1", .elsewhere), ("128.0.0.1", .elsewhere), ("169.253.0.1", .elsewhere),
        ])
    func places(text: String, expected: IPAddress.Place) {
        #expect(IPAddress(text)?.place == expected)
    }

    @Test(
        "text that is no literal address is none",
        arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "[::1]", ":::", "example.com", "%eth0"])
    func noAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "each rule allows what it says",
        arguments: [
            ("8.8.8.8", true, true, true), ("example.com", true, true, true), ("127.0.0.1", true, true, false),
            ("localhost", true, true, false), ("localhost.", true, true, false), ("a.localhost", true, true, false),
            ("::1", true, true, false), ("169.254.169.254", true, false, false), ("fe80::1", true, false, false),
            ("100.100.100.200", true, false, false), ("localhost.example.com", true, true, true),
        ])
    func rules(host: String, any: Bool, remoteOrLoopback: Bool, remote: Bool) {
        #expect(PeerRule.any.allows(host: host) == any)
        #expect(PeerRule.remoteOrLoopback.allows(host: host) == remoteOrLoopback)
        #expect(PeerRule.remote.allows(host: host) == remote)
    }

    @Test("a socket address too short for its family is none")
    func shortSocketAddress() {
        let bytes: [UInt8] = [2, 0, 0, 80, 127, 0, 0, 1]
        bytes.withUnsafeBytes { #expect(IPAddress(socketAddress: $0, family: 2) == nil) }
        (bytes + Array(repeating: 0, count: 8)).withUnsafeBytes {
            #expect(IPAddress(socketAddress: $0, family: 2)?.place == .loopback)
            #expect(IPAddress(socketAddress: $0, family: 10) == nil)
            #expect(IPAddress(socketAddress: $0, family: 1) == nil)
        }
    }
}
