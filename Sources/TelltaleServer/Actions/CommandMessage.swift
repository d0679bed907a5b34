import FoundationEssentials
import StatusCore
import StatusModel

/// What a program is told on its standard input: one JSON object.
struct CommandMessage: Encodable {
    private let operation: String
    private let project: String
    private let key: String
    private let action: String
    private let requestedBy: String
    private let link: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case operation, project, key, action, link
        case requestedBy = "requested_by"
    }

    init(_ call: ActionCall) {
        operation = call.operationID
        project = call.item.project.rawValue
        key = call.item.key.description
        action = call.action.rawValue
        requestedBy = call.requestedBy
        link = call.link.map(\.target.publicFacts)
    }

    /// The object, with the payload in it as it came: numbers stay as they were written.
    ///
    /// - Throws: ``ActionFailure`` where the payload is no object.
    func bytes(payload: [UInt8]) throws(ActionFailure) -> [UInt8] {
        _ = try ActionPayload.object(payload)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var bytes = (try? encoder.encode(self)).map(Array.init), bytes.popLast() == UInt8(ascii: "}") else {
            throw ActionFailure(
                .internal, reason: "COMMAND_MESSAGE", OperationWords("The command's input could not be written."))
        }
        bytes += ",\"payload\":".utf8
        bytes += payload.isEmpty ? Array("{}".utf8) : payload
        bytes += "}\n".utf8
        return bytes
    }
}

extension Link.Target {
    /// What is linked, by the keys of the configuration. Neither secrets nor where they are found.
    fileprivate var publicFacts: [String: String] {
        switch self {
        case .github(let target):
            ["provider": "github", "repo": "\(target.owner)/\(target.repository)", "api": target.baseURL]
        case .vercel(let target):
            ["provider": "vercel", "project": target.project, "api": target.baseURL]
                .merging(target.teamID.map { ["team": $0] } ?? [:]) { $1 }
        case .sanity(let target):
            [
                "provider": "sanity", "project": target.projectID, "dataset": target.dataset,
                "api": target.managementURL, "dataApi": target.dataURL,
            ]
        case .supabase(let target):
            ["provider": "supabase", "ref": target.reference, "api": target.managementURL, "url": target.projectURL]
        case .service(let target):
            // Without what may follow the path: a query can hold a key.
            ["service": target.name, "url": String(target.url.prefix { $0 != "?" && $0 != "#" })]
        }
    }
}
