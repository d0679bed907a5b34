import FoundationEssentials
import HTTPClient

/// Answers recorded from a provider, where they lie beside the checkout (`../shared/payloads`); they are no part of it.
struct Recordings {
    static let github = Self("github")
    static let vercel = Self("vercel")
    static let sanity = Self("sanity")
    static let supabase = Self("supabase")
    static let statusPage = Self("statuspage")

    private let directory: String

    private init(_ provider: String) {
        // Tests/StatusProvidersTests/<this file>: three steps up is the package, four its neighbours.
        let parts = #filePath.split(separator: "/").dropLast(4)
        directory = "/" + parts.joined(separator: "/") + "/shared/payloads/\(provider)"
    }

    var isPresent: Bool { FileManager.default.fileExists(atPath: directory) }

    var names: Set<String> {
        get throws {
            Set(try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".json") })
        }
    }

    /// The recorded answer of a file; nil when it holds none, such as a webhook's.
    func response(_ name: String) throws -> HTTPResponse? {
        let data = try Data(contentsOf: URL(filePath: "\(directory)/\(name)"))
        guard let recorded = try JSONDecoder().decode(File.self, from: data).response else { return nil }
        var response = HTTPResponse(recorded.status)
        for (name, value) in recorded.headers { response.headers[name] = value }
        if let body = recorded.body { response.body = Array(try JSONEncoder().encode(body)) }
        return response
    }

    private struct File: Decodable {
        struct Response: Decodable {
            var status: Int
            var headers: [String: String]
            var body: JSONValue?
        }

        var response: Response?
        var webhook: Webhook?
    }

    /// A webhook with what signed it.
    struct Webhook: Decodable {
        enum CodingKeys: String, CodingKey {
            case secret, headers
            case body = "body_text"
        }

        var secret: String
        var body: String
        var headers: [String: String]
    }

    /// The recorded webhook of a file; nil when it holds none that is signed.
    func webhook(_ name: String) throws -> Webhook? {
        let data = try Data(contentsOf: URL(filePath: "\(directory)/\(name)"))
        return try JSONDecoder().decode(File.self, from: data).webhook
    }
}

/// Any JSON, to write it out again.
private enum JSONValue: Codable {
    case null, bool(Bool), number(Double), text(String), list([JSONValue]), object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
