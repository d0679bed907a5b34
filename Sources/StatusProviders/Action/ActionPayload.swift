package import StatusCore
import StatusModel

/// The parameters of one action, read strictly: a misspelt member would else be a wish that is silently not granted.
package struct ActionPayload: Sendable {
    /// The longest name of a member that a refusal repeats, in bytes.
    package static let nameBytesMax = 64

    private let members: [String: JSONValue]

    /// - Parameters:
    ///   - bytes: One JSON object; nothing for none.
    ///   - names: The members that the action takes.
    /// - Throws: ``ActionFailure`` that names the member which is wrong.
    package init(_ bytes: [UInt8], taking names: [String]) throws(ActionFailure) {
        guard !bytes.isEmpty else {
            members = [:]
            return
        }
        guard bytes.count <= ActionRequest.payloadBytesMax, case .object(let members)? = JSONValue(bytes) else {
            throw .malformedPayload
        }
        if let stranger = members.keys.filter({ !names.contains($0) }).min() {
            let isShown = stranger.utf8.count <= Self.nameBytesMax && stranger.isPrintable
            let known = names.isEmpty ? "this action takes none" : "known are: \(names.joined(separator: ", "))"
            throw .invalid(
                isShown ? stranger : "", isShown ? "is unknown; \(known)" : "has an unknown member; \(known)")
        }
        self.members = members
    }

    /// Whether the member is there, whatever it is.
    package func has(_ name: String) -> Bool { members[name] != nil }

    /// A text of 1 to `bytesMax` printable bytes; nil where the member is not there.
    package func text(_ name: String, bytesMax: Int) throws(ActionFailure) -> String? {
        guard let value = members[name] else { return nil }
        guard case .string(let text) = value, (1...bytesMax).contains(text.utf8.count), text.isPrintable else {
            throw .invalid(name, "must be a text of 1 to \(bytesMax) printable bytes")
        }
        return text
    }

    /// A text of that kind without any blank, such as the name of a branch.
    package func word(_ name: String, bytesMax: Int) throws(ActionFailure) -> String? {
        let word = try text(name, bytesMax: bytesMax)
        guard word?.contains(where: \.isWhitespace) != true else { throw .invalid(name, "must have no blank") }
        return word
    }

    /// A whole number of zero or more, or a word.
    package func numberOrWord(_ name: String, bytesMax: Int) throws(ActionFailure) -> String? {
        if case .integer(let number)? = members[name], number >= 0 { return String(number) }
        return try word(name, bytesMax: bytesMax)
    }

    /// An object of at most `membersMax` members, to be sent on; nil where the member is not there.
    package func object(_ name: String, membersMax: Int) throws(ActionFailure) -> [String: JSONValue]? {
        guard let value = members[name] else { return nil }
        guard case .object(let object) = value, object.count <= membersMax else {
            throw .invalid(name, "must be an object of at most \(membersMax) members")
        }
        guard value.isReadable else { throw .invalid(name, "holds a number that is too large") }
        return object
    }
}
