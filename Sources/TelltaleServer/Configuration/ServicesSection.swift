import HTTPClient
package import StatusCore
import StatusModel

/// Reads a project's `services`: name → `{ url, method, headers, secretHeaders, expect, latencyLimit, timeout, warmUp,
/// allowLocal, enabled }`.
package enum ServicesSection {
    /// How many services one project may have.
    package static let servicesMax = 64
    /// How many header fields one service may be sent, secret ones included.
    static let headersMax = 32
    /// The longest value of a header field, in bytes.
    static let headerBytesMax = 1_024

    static let keys = [
        "url", "method", "headers", "secretHeaders", "expect", "latencyLimit", "timeout", "warmUp", "allowLocal",
        "enabled",
    ]

    /// The times that stand beside the rest; `docs/configuration.md` lists them.
    package static let times: [ConfigField<ServiceTarget>] = [
        .duration("latencyLimit", \.latencyLimit, .milliseconds(1) ... .seconds(60)),
        .duration("timeout", \.timeout, .milliseconds(50) ... .seconds(60)),
    ]

    /// The time that stands in `warmUp`.
    package static let warmUpTimes: [ConfigField<ServiceTarget>] = [
        .duration("timeout", \.warmUpTimeout, .milliseconds(50) ... .seconds(10))
    ]

    /// The links of the services. What is mistaken is recorded and left out.
    static func links(_ value: ConfigValue, at path: ConfigPath, mistakes: MistakeCollector) -> [Link] {
        guard let section = ConfigSection(anyKeysOf: value, at: path, mistakes: mistakes) else { return [] }
        guard section.names.count <= servicesMax else {
            mistakes.add("\(section.names.count) services are more than the \(servicesMax) of one project", at: path)
            return []
        }
        return section.names.compactMap { name in
            guard ItemKey("service:\(name)") != nil else {
                section.refuse(
                    name,
                    "is no service's name: 1 to 128 of A–Z a–z 0–9 . _ : / @ -, beginning with a letter or a digit")
                return nil
            }
            return section[name].flatMap {
                ConfigSection($0, at: path.appending(name), keys: keys, mistakes: mistakes)
            }.flatMap { link(name, $0) }
        }
    }

    private static func link(_ name: String, _ section: ConfigSection) -> Link? {
        guard section["url"] != nil else {
            section.mistakes.add("url is missing: write url: \"https://host/health\"", at: section.path)
            return nil
        }
        var target = ServiceTarget(name: name, url: "")
        let address = url("url", in: section)
        target.url = address?.text ?? ""
        target.method = method(section) ?? target.method
        target.isLocalAllowed = section.boolean("allowLocal") ?? false
        target.headers = headers(section)
        read(times, of: section, into: &target)
        readWarmUp(of: section, into: &target)
        ServiceExpectSection.read(section, into: &target)
        let secrets = secretHeaders(section, beside: target.headers)
        if !secrets.isEmpty, let address, address.scheme == .http, !PeerRule.isLoopback(host: address.host) {
            section.refuse(
                "url", "must be https://, because secret headers travel there; http:// is for this host alone")
        }
        let link = Link(
            target: .service(target), namedCredentials: secrets, isEnabled: section.boolean("enabled") ?? true)
        return address.map { _ in link }
    }

    private static func readWarmUp(of section: ConfigSection, into target: inout ServiceTarget) {
        guard let value = section["warmUp"],
            let part = ConfigSection(
                value, at: section.path.appending("warmUp"), keys: ["url", "timeout"], mistakes: section.mistakes)
        else { return }
        target.warmUpURL = url("url", in: part)?.text
        read(warmUpTimes, of: part, into: &target)
    }

    private static func read(
        _ fields: [ConfigField<ServiceTarget>], of section: ConfigSection, into target: inout ServiceTarget
    ) {
        for field in fields {
            guard let value = section[field.key] else { continue }
            do throws(ConfigComplaint) {
                try field.read(value, &target)
            } catch {
                section.refuse(field.key, error.sentence)
            }
        }
    }

    private static func url(_ key: String, in section: ConfigSection) -> HTTPURL? {
        guard let text = section.string(key) else { return nil }
        do throws(HTTPURL.Malformation) {
            return try HTTPURL(text)
        } catch {
            let reason =
                switch error {
                case .tooLong: "is longer than \(HTTPURL.textBytesMax) bytes"
                case .malformed: "is no URL; write one such as \"https://worker.example.com/health\""
                case .foreignScheme: "must begin with https:// or http://"
                case .credentials: "may hold no user or password; name a secret header instead"
                }
            section.refuse(key, reason)
            return nil
        }
    }

    private static func method(_ section: ConfigSection) -> String? {
        guard let method = section.string("method") else { return nil }
        let known = ["GET", "HEAD", "POST"]
        guard known.contains(method) else {
            section.refuse(
                "method",
                "expected one of \(known.joined(separator: ", "))\(Suggestion.question(about: method, among: known))")
            return nil
        }
        return method
    }
}

/// Header fields, which go out as they are written here.
extension ServicesSection {
    /// What holds a secret by its nature, and so belongs into `secretHeaders`.
    private static let secretNames: Set<String> = ["authorization", "cookie", "proxy-authorization"]

    /// Fields with the values that stand in the file.
    private static func headers(_ section: ConfigSection) -> [String: String] {
        var headers: [String: String] = [:]
        guard let part = fields("headers", in: section) else { return headers }
        for name in part.names {
            guard let value = part.string(name), accepts(name, value: value, in: part) else { continue }
            guard !secretNames.contains(name.lowercased()) else {
                part.refuse(name, "holds a secret: put it into secretHeaders, and \(CredentialText.expected)")
                continue
            }
            headers[name] = value
        }
        return headers
    }

    private static func secretHeaders(
        _ section: ConfigSection, beside headers: [String: String]
    ) -> [String: CredentialReference] {
        var references: [String: CredentialReference] = [:]
        guard let part = fields("secretHeaders", in: section) else { return references }
        let plain = Set(headers.keys.map { $0.lowercased() })
        for name in part.names where accepts(name, value: "", in: part) {
            guard !plain.contains(name.lowercased()) else {
                part.refuse(name, "stands in headers as well; keep one of them")
                continue
            }
            references[name] = CredentialText.read(name, in: part)
        }
        return references
    }

    private static func fields(_ key: String, in section: ConfigSection) -> ConfigSection? {
        guard let value = section[key],
            let part = ConfigSection(
                anyKeysOf: value, at: section.path.appending(key), mistakes: section.mistakes)
        else { return nil }
        guard part.names.count <= headersMax else {
            section.refuse(key, "\(part.names.count) headers are more than the \(headersMax) of one service")
            return nil
        }
        return part
    }

    private static func accepts(_ name: String, value: String, in part: ConfigSection) -> Bool {
        if let complaint = HTTPRequest.complaint(aboutHeader: name, value: value) {
            part.refuse(name, complaint)
            return false
        }
        guard value.utf8.count <= headerBytesMax else {
            part.refuse(name, "the value is longer than \(headerBytesMax) bytes")
            return false
        }
        guard !part.names.contains(where: { $0 < name && $0.lowercased() == name.lowercased() }) else {
            part.refuse(name, "stands here twice; the case of its letters does not tell names apart")
            return false
        }
        return true
    }
}
