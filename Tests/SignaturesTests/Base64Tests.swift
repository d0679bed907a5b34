import Signatures
import Testing

struct Base64Tests {
    /// RFC 4648 §10, and the two letters in which the alphabets differ.
    static let vectors: [(String, [UInt8])] = [
        ("", []), ("Zg==", Array("f".utf8)), ("Zm8=", Array("fo".utf8)), ("Zm9v", Array("foo".utf8)),
        ("Zm9vYg==", Array("foob".utf8)), ("Zm9vYmE=", Array("fooba".utf8)), ("Zm9vYmFy", Array("foobar".utf8)),
        ("+/+/", [0xFB, 0xFF, 0xBF]),
    ]

    @Test("the RFC's vectors are read", arguments: vectors)
    func reads(text: String, bytes: [UInt8]) { #expect(Base64.decode(text) == bytes) }

    @Test(
        "missing and superfluous padding, the other alphabet, white space and left-over bits are refused",
        arguments: [
            "Zg", "Zg=", "Zg===", "====", "=", "Z===", "-_-_", "Zm9v ", "Zm9\n", "Zh==", "Zm9=", "Zg==Zg==", "é===",
        ])
    func refuses(text: String) { #expect(Base64.decode(text) == nil) }
}
