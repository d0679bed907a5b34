extension HTTPRequest {
    /// Checks what the caller composed and makes it the first hop. Text that could smuggle a second header or request
    /// (RFC 9112 §11.1) is `invalidRequest`; the sentence names the field and never its value.
    func firstHop() throws(HTTPClientError) -> HTTPHop {
        guard Self.isToken(method) else { throw Self.invalid("The method is no HTTP token.") }
        guard method != "CONNECT" else { throw Self.invalid("CONNECT opens a tunnel and is no request.") }
        for (name, value) in headers.fields {
            if let sentence = Self.complaint(aboutHeader: name, value: value) { throw Self.invalid(sentence) }
        }
        do throws(HTTPURL.Malformation) {
            return HTTPHop(method: method, url: try HTTPURL(url), headers: headers, body: body)
        } catch {
            throw Self.invalid(Self.sentence(for: error))
        }
    }

    /// Why a header cannot be sent, in a sentence that names the field and never its value; nil when it can.
    package static func complaint(aboutHeader name: String, value: String) -> String? {
        guard isToken(name) else { return "The name of a header is no HTTP token." }
        guard isFieldValue(value) else { return "The value of the header \(name) holds a control character." }
        guard !framingHeaders.contains(name.lowercased()) else {
            return "The header \(name) is the client's own to set."
        }
        return nil
    }

    /// They frame the message on the connection; a wrong one would desynchronise it for the next request.
    private static let framingHeaders: Set<String> = [
        "connection", "content-length", "expect", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    private static func invalid(_ sentence: String) -> HTTPClientError {
        HTTPClientError(kind: .invalidRequest, detail: sentence)
    }

    private static func sentence(for malformation: HTTPURL.Malformation) -> String {
        switch malformation {
        case .tooLong: "The URL is longer than \(HTTPURL.textBytesMax) bytes."
        case .malformed: "The URL is not one; write it like https://host/path."
        case .foreignScheme: "The URL is neither http nor https."
        case .credentials: "The URL carries a user name or password; put them in a header."
        }
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: tokenPunctuation.contains(byte)
                }
            }
    }

    private static let tokenPunctuation = Array("!#$%&'*+-.^_`|~".utf8)

    /// RFC 9110 §5.5: visible characters, blanks, tabs, and bytes beyond ASCII.
    private static func isFieldValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
    }
}
