import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

extension StoredLink: RecordRoot {
    init(message: Telltale__Store__V1__LinkRecord, clock: RecordClock) throws(RecordError) {
        var link = Link(
            target: try Self.target(of: message, clock),
            credential: try readPart(ifAny: message.credential, "credential", clock),
            isEnabled: message.is_disabled == 0)
        let named: [NamedCredential] = try readParts(
            message.named_credentials, count: message.n_named_credentials, max: RecordBounds.namedCredentialsMax,
            "named_credentials", clock)
        for named in named {
            try enter(named.credential, under: named.name, into: &link.namedCredentials, "named_credentials")
        }
        self.init(project: try readProject(message.project, "project"), link: link)
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__LinkRecord> {
        let message = writer.make(telltale__store__v1__link_record__init)
        message.pointee.project = writer.text(project.rawValue)
        setTarget(of: &message.pointee, writer)
        message.pointee.credential = writer.part(link.credential)
        (message.pointee.n_named_credentials, message.pointee.named_credentials) = writer.parts(
            link.namedCredentials.lazy.map { NamedCredential(name: $0.key, credential: $0.value) },
            max: RecordBounds.namedCredentialsMax)
        message.pointee.is_disabled = link.isEnabled ? 0 : 1
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__LinkRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__link_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__LinkRecord) -> ProtobufCBinaryData { ProtobufCBinaryData() }

    private static func target(
        of message: Telltale__Store__V1__LinkRecord, _ clock: RecordClock
    ) throws(RecordError) -> Link.Target {
        switch message.target_case {
        case TELLTALE__STORE__V1__LINK_RECORD__TARGET_GITHUB: .github(try readPart(message.github, "github", clock))
        case TELLTALE__STORE__V1__LINK_RECORD__TARGET_VERCEL: .vercel(try readPart(message.vercel, "vercel", clock))
        case TELLTALE__STORE__V1__LINK_RECORD__TARGET_SANITY: .sanity(try readPart(message.sanity, "sanity", clock))
        case TELLTALE__STORE__V1__LINK_RECORD__TARGET_SUPABASE:
            .supabase(try readPart(message.supabase, "supabase", clock))
        case TELLTALE__STORE__V1__LINK_RECORD__TARGET_SERVICE:
            .service(try readPart(message.service, "service", clock))
        default: throw RecordError(field: "target", reason: "must be of a kind that this version knows")
        }
    }

    private func setTarget(of message: inout Telltale__Store__V1__LinkRecord, _ writer: RecordWriter) {
        switch link.target {
        case .github(let target):
            message.target_case = TELLTALE__STORE__V1__LINK_RECORD__TARGET_GITHUB
            message.github = target.message(in: writer)
        case .vercel(let target):
            message.target_case = TELLTALE__STORE__V1__LINK_RECORD__TARGET_VERCEL
            message.vercel = target.message(in: writer)
        case .sanity(let target):
            message.target_case = TELLTALE__STORE__V1__LINK_RECORD__TARGET_SANITY
            message.sanity = target.message(in: writer)
        case .supabase(let target):
            message.target_case = TELLTALE__STORE__V1__LINK_RECORD__TARGET_SUPABASE
            message.supabase = target.message(in: writer)
        case .service(let target):
            message.target_case = TELLTALE__STORE__V1__LINK_RECORD__TARGET_SERVICE
            message.service = target.message(in: writer)
        }
    }
}

private struct NamedCredential: RecordPart {
    var name: String
    var credential: CredentialReference

    init(name: String, credential: CredentialReference) {
        self.name = name
        self.credential = credential
    }

    init(message: Telltale__Store__V1__NamedCredential, clock: RecordClock) throws(RecordError) {
        self.init(
            name: try readText(message.name, "name"),
            credential: try readPart(message.credential, "credential", clock))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__NamedCredential> {
        let message = writer.make(telltale__store__v1__named_credential__init)
        message.pointee.name = writer.text(name)
        message.pointee.credential = credential.message(in: writer)
        return message
    }
}
