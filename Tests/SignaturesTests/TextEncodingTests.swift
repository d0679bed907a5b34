import Signatures
import TestSupport
import Testing

struct TextEncodingTests {
    /// RFC 4648 §10.
    static let hexadecimal: [(String, String)] = [
        ("", ""), ("f", "66"), ("fo", "666f"), ("foo", "666f6f"), ("foob", "666f6f62"), ("fooba", "666f6f6261"),
        ("foobar", "666f6f626172"),
    ]

    @Test("hexadecimal matches the RFC's vectors in both directions", arguments: hexadecimal)
    func hexadecimalVectors(plain: String, encoded: String) {
        #expect(Hexadecimal.encode(Array(plain.utf8)) == encoded)
        #expect(Hexadecimal.decode(encoded) == Array(plain.utf8))
        #expect(Hexadecimal.decode(encoded.uppercased()) == Array(plain.utf8))
    }

    @Test(
        "what is not an even run of digits is refused",
        arguments: ["6", "666", "6g", "0x66", " 66", "66 ", "66\n", "6 6", "é", "６６", "6\0"])
    func hexadecimalIsStrict(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }

    /// RFC 4648 §10 without the padding, and the two letters in which the alphabets differ.
    static let base64URL: [([UInt8], String)] = [
        ([], ""), (Array("f".utf8), "Zg"), (Array("fo".utf8), "Zm8"), (Array("foo".utf8), "Zm9v"),
        (Array("foob".utf8), "Zm9vYg"), (Array("fooba".utf8), "Zm9vYmE"), (Array("foobar".utf8), "Zm9vYmFy"),
        ([0xFB, 0xFF, 0xBF], "-_-_"), ([0xFF], "_w"), ([0x00, 0x00], "AAA"),
    ]

    @Test("base64url matches the RFC's vectors in both directions", arguments: base64URL)
    func base64URLVectors(bytes: [UInt8], encoded: String) {
        #expect(Base64URL.encode(bytes) == encoded)
        #expect(Base64URL.decode(encoded) == bytes)
    }

    @Test(
        "padding, foreign letters, impossible lengths and left-over bits are refused",
        arguments: ["Zg==", "Zm8=", "+/+/", "Z", "Zm9vY", "Zm 8", "Zm8\n", "Zh", "Zm9", "AAB", "é"])
    func base64URLIsStrict(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test("random bytes survive both encodings", arguments: [1 as UInt64, 2, 3])
    func roundTrips(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for byteCount in 0..<100 {
            let bytes = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }
}
