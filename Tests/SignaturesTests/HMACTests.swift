import Signatures
import Testing

struct HMACTests {
    struct Vector: Sendable {
        var key: [UInt8]
        var message: [UInt8]
        var sha1: String?
        var sha256: String?
    }

    /// RFC 2202 §3 (SHA-1) and RFC 4231 §4 (SHA-256) where both use the same key and data, then the ones that differ.
    static let vectors: [Vector] = [
        Vector(
            key: Array(repeating: 0x0B, count: 20), message: Array("Hi There".utf8),
            sha1: "b617318655057264e28bc0b6fb378c8ef146be00",
            sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            sha1: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            key: Array(repeating: 0xAA, count: 20), message: Array(repeating: 0xDD, count: 50),
            sha1: "125d7342b9ac11cd91a39af48aa17b4f63f175d3",
            sha256: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            key: Array(1...25), message: Array(repeating: 0xCD, count: 50),
            sha1: "4c9007f4026250c6bc8414f9bf50c86c2d7235da",
            sha256: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            key: Array(repeating: 0xAA, count: 80),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            sha1: "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        Vector(
            key: Array(repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            sha256: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            key: [], message: [], sha1: "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d",
            sha256: "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ]

    @Test("a code is the one of the RFC's test vectors", arguments: vectors)
    func standardVectors(vector: Vector) {
        if let expected = vector.sha1 {
            #expect(Hexadecimal.encode(HMAC.code(.sha1, key: vector.key, message: vector.message)) == expected)
        }
        if let expected = vector.sha256 {
            #expect(Hexadecimal.encode(HMAC.code(.sha256, key: vector.key, message: vector.message)) == expected)
        }
    }

    @Test("equal codes are equal, and one flipped bit anywhere makes them differ")
    func equality() {
        let code = HMAC.code(.sha256, key: [1], message: [2])
        #expect(HMAC.isEqual(code, code))
        for index in code.indices {
            for bit in 0..<8 {
                var other = code
                other[index] ^= 1 << bit
                #expect(!HMAC.isEqual(code, other))
            }
        }
    }

    @Test("codes of different lengths differ, and an empty code equals nothing")
    func lengths() {
        let code = HMAC.code(.sha1, key: [1], message: [2])
        #expect(!HMAC.isEqual(code, Array(code.dropLast())))
        #expect(!HMAC.isEqual(code, code + [0]))
        #expect(!HMAC.isEqual(code, []))
        #expect(!HMAC.isEqual([], []))
    }
}
