import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

// How the fields of records are read, checked.

/// A field of text; empty when absent.
func readText(_ field: ProtobufCBinaryData, _ name: StaticString) throws(RecordError) -> String {
    guard let start = field.data, field.len > 0 else { return "" }
    let utf8 = UnsafeBufferPointer(start: start, count: field.len)
    guard let text = String(validating: utf8, as: UTF8.self) else {
        throw RecordError(field: name, reason: "must be valid UTF-8")
    }
    return text
}

/// A field of text of at most `max` bytes.
func readText(_ field: ProtobufCBinaryData, max: Int, _ name: StaticString) throws(RecordError) -> String {
    guard field.len <= max else { throw RecordError(field: name, reason: "must have at most \(max) bytes") }
    return try readText(field, name)
}

/// A field of at most `max` bytes.
func readBytes(_ field: ProtobufCBinaryData, max: Int, _ name: StaticString) throws(RecordError) -> [UInt8] {
    guard field.len <= max else { throw RecordError(field: name, reason: "must have at most \(max) bytes") }
    return Array(UnsafeRawBufferPointer(field: field))
}

/// A text that may be absent.
func readText(
    ifAny field: UnsafeMutablePointer<Telltale__Store__V1__Text>?, _ name: StaticString
) throws(RecordError) -> String? {
    guard let field else { return nil }
    return try readText(field.pointee.value, name)
}

func readProject(_ field: ProtobufCBinaryData, _ name: StaticString) throws(RecordError) -> ProjectID {
    guard let project = ProjectID(try readText(field, name)) else {
        throw RecordError(field: name, reason: "must be the name of a project")
    }
    return project
}

func readItem(_ field: ProtobufCBinaryData, _ name: StaticString) throws(RecordError) -> ItemKey {
    guard let key = ItemKey(try readText(field, name)) else {
        throw RecordError(field: name, reason: "must be one of github, vercel, sanity, supabase or service:NAME")
    }
    return key
}

/// Empty for none.
func readRefreshID(_ field: ProtobufCBinaryData, _ name: StaticString) throws(RecordError) -> RefreshID? {
    guard field.len > 0 else { return nil }
    guard let id = RefreshID(try readText(field, name)) else {
        throw RecordError(field: name, reason: "must be 32 hexadecimal digits that are not all zero")
    }
    return id
}

func readTime(ifAny field: UnsafeMutablePointer<Telltale__Store__V1__Time>?) -> UnixTime? {
    field.map { UnixTime(nanoseconds: $0.pointee.nanoseconds) }
}

func readNumber(_ field: some FixedWidthInteger, _ name: StaticString) throws(RecordError) -> Int {
    guard let number = Int(exactly: field) else {
        throw RecordError(field: name, reason: "must lie within \(Int.min)...\(Int.max)")
    }
    return number
}

/// A message that must be there.
func readRequired<Message>(
    _ field: UnsafeMutablePointer<Message>?, _ name: StaticString
) throws(RecordError) -> Message {
    guard let field else { throw RecordError(field: name, reason: "is required") }
    return field.pointee
}

/// A part that must be there.
func readPart<Part: RecordPart>(
    _ field: UnsafeMutablePointer<Part.Message>?, _ name: StaticString, _ clock: RecordClock
) throws(RecordError) -> Part {
    let message = try readRequired(field, name)
    do { return try Part(message: message, clock: clock) } catch { throw error.within(name) }
}

/// A part that may be absent.
func readPart<Part: RecordPart>(
    ifAny field: UnsafeMutablePointer<Part.Message>?, _ name: StaticString, _ clock: RecordClock
) throws(RecordError) -> Part? {
    guard let field else { return nil }
    do { return try Part(message: field.pointee, clock: clock) } catch { throw error.within(name) }
}
