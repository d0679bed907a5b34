import FoundationEssentials
import HTTPClient

/// Where people edit a project's documents: what `GET /projects/{id}` says of its studio (providers.md §4.4).
package enum SanityStudio {
    /// The address, by the first rule that holds: a studio of the project's own, Sanity's host for it, the project's page.
    package static func url(json body: [UInt8], projectID: String) -> String {
        let wire = try? JSONDecoder().decode(Wire.self, from: Data(body))
        return wire?.metadata?.externalStudioHost.flatMap(external) ?? wire?.studioHost.flatMap(hosted)
            ?? managementURL(projectID: projectID)
    }

    /// The project's page, which is there whatever else is. The id is well formed (``SanityRequests``).
    package static func managementURL(projectID: String) -> String {
        "https://www.sanity.io/manage/project/\(projectID.percentEncoded)"
    }

    /// An address as somebody entered it, with or without a scheme; nil for one that a browser is better not sent to.
    private static func external(_ text: String) -> String? {
        let text = String(text.trimmedOfBlanks)
        guard !text.isEmpty, text.isPrintable, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let url = try? HTTPURL(text.contains("://") ? text : "https://\(text)"), url.scheme == .https
        else { return nil }
        return url.text
    }

    /// One label of a host's name (RFC 1123 §2.1).
    private static func hosted(_ label: String) -> String? {
        let isLabel =
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            && label.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        return isLabel ? "https://\(label).sanity.studio" : nil
    }

    private struct Wire: Decodable {
        struct Metadata: Decodable {
            enum CodingKeys: String, CodingKey {
                case externalStudioHost
            }

            var externalStudioHost: String?

            init(from decoder: any Decoder) throws {
                externalStudioHost = try decoder.container(keyedBy: CodingKeys.self).text(.externalStudioHost)
            }
        }

        enum CodingKeys: String, CodingKey {
            case studioHost, metadata
        }

        var studioHost: String?
        var metadata: Metadata?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            studioHost = container.text(.studioHost)
            metadata = try? container.decode(Metadata.self, forKey: .metadata)
        }
    }
}
