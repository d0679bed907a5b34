import ProtobufMessages
import StatusModel

/// A field of text; empty when absent. protobuf-c ends it at its first NUL, so none is in it.
func decodeText(_ text: UnsafePointer<CChar>?, _ field: StaticString) throws(WireError) -> String {
    guard let text else { return "" }
    guard let decoded = String(field: text) else { throw WireError(field: field, reason: "must be valid UTF-8") }
    return decoded
}

/// A repeated field of text.
func decodeTexts(
    _ texts: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, count: Int, max: Int, _ field: StaticString
) throws(WireError) -> [String] {
    try decodeElements(texts, count: count, max: max, field) { text throws(WireError) in try decodeText(text, "") }
}

/// A field that is a message; nil when absent.
func decodeMessage<Value: WireMessage>(
    _ message: UnsafeMutablePointer<Value.Message>?, _ field: StaticString
) throws(WireError) -> Value? {
    guard let message else { return nil }
    do { return try Value(message: message.pointee) } catch { throw error.within(field) }
}

/// A field that is a message and must be there.
func decodeRequired<Value: WireMessage>(
    _ message: UnsafeMutablePointer<Value.Message>?, _ field: StaticString
) throws(WireError) -> Value {
    guard let value: Value = try decodeMessage(message, field) else {
        throw WireError(field: field, reason: "is required")
    }
    return value
}

/// A repeated field of messages.
func decodeMessages<Value: WireMessage>(
    _ messages: UnsafeMutablePointer<UnsafeMutablePointer<Value.Message>?>?, count: Int, max: Int = .max,
    _ field: StaticString
) throws(WireError) -> [Value] {
    try decodeElements(messages, count: count, max: max, field) { message throws(WireError) in
        try Value(message: message.pointee)
    }
}

/// The name of a project, which must be there.
func decodeProject(_ text: UnsafePointer<CChar>?, _ field: StaticString) throws(WireError) -> ProjectID {
    let name = try decodeText(text, field)
    guard !name.isEmpty else { throw WireError(field: field, reason: "is required") }
    guard let project = ProjectID(name) else { throw WireError(field: field, reason: ProjectID.wireRule) }
    return project
}

/// The key of an item, which must be there.
func decodeItem(_ text: UnsafePointer<CChar>?, _ field: StaticString) throws(WireError) -> ItemKey {
    guard let key = ItemKey(try decodeText(text, field)) else {
        throw WireError(field: field, reason: "must be one of github, vercel, sanity, supabase or service:NAME")
    }
    return key
}

/// Each element of a repeated field, of which there are at most `max`.
func decodeElements<Pointee, Value>(
    _ elements: UnsafeMutablePointer<UnsafeMutablePointer<Pointee>?>?, count: Int, max: Int, _ field: StaticString,
    _ decode: (UnsafeMutablePointer<Pointee>) throws(WireError) -> Value
) throws(WireError) -> [Value] {
    guard count <= max else { throw WireError(field: field, reason: "must have at most \(max) elements") }
    guard let elements else { return [] }
    var values: [Value] = []
    values.reserveCapacity(count)
    for index in 0..<count {
        guard let element = elements[index] else { continue }
        do { values.append(try decode(element)) } catch { throw error.within(field, index: index) }
    }
    return values
}

extension ProjectID {
    fileprivate static let wireRule =
        "must be 1 to \(lengthBytesMax) bytes of A–Z a–z 0–9 . _ : / @ - that begin with a letter or a digit"
}
