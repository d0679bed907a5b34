import CTelltaleProtos
import StatusCore
import StatusModel

/// A text under a name, on its way into a record.
struct TextEntry {
    var name: String
    var value: String
}

extension TextEntry: RecordPart {
    init(message: Telltale__Store__V1__TextEntry, clock: RecordClock) throws(RecordError) {
        self.init(name: try readText(message.name, "name"), value: try readText(message.value, "value"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__TextEntry> {
        let message = writer.make(telltale__store__v1__text_entry__init)
        message.pointee.name = writer.text(name)
        message.pointee.value = writer.text(value)
        return message
    }
}

extension CredentialReference: RecordPart {
    init(message: Telltale__Store__V1__Credential, clock: RecordClock) throws(RecordError) {
        let name = try readText(message.name, "name")
        switch message.kind {
        case TELLTALE__STORE__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_FILE: self = .file(path: name)
        case TELLTALE__STORE__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_ENVIRONMENT: self = .environment(name: name)
        case TELLTALE__STORE__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_SYSTEMD: self = .systemd(name: name)
        case TELLTALE__STORE__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_OAUTH: self = .oauth(name: name)
        default: throw RecordError(field: "kind", reason: "must be a number that this version knows")
        }
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Credential> {
        let message = writer.make(telltale__store__v1__credential__init)
        switch self {
        case .file(let path):
            message.pointee.kind = TELLTALE__STORE__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_FILE
            message.pointee.name = writer.text(path)
        case .environment(let name):
            message.pointee.kind = TELLTALE__STORE__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_ENVIRONMENT
            message.pointee.name = writer.text(name)
        case .systemd(let name):
            message.pointee.kind = TELLTALE__STORE__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_SYSTEMD
            message.pointee.name = writer.text(name)
        case .oauth(let name):
            message.pointee.kind = TELLTALE__STORE__V1__CREDENTIAL_KIND__CREDENTIAL_KIND_OAUTH
            message.pointee.name = writer.text(name)
        }
        return message
    }
}

extension EventID: RecordPart {
    init(message: Telltale__Store__V1__EventID, clock: RecordClock) {
        self.init(epoch: message.epoch, sequence: message.sequence)
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__EventID> {
        let message = writer.make(telltale__store__v1__event_id__init)
        message.pointee.epoch = epoch
        message.pointee.sequence = sequence
        return message
    }
}
