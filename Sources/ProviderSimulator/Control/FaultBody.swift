/// A fault as the control interface spells it: `{"kind":"latency","delay_ms":200,"count":3}`.
struct FaultBody: ControlBody {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, provider, count, status, bytes, steady
        case pathPrefix = "path_prefix"
        case delay = "delay_ms"
        case jitter = "jitter_ms"
        case interval = "interval_ms"
        case retryAfter = "retry_after_s"
        case contentType = "content_type"
    }

    static let kinds = [
        "latency", "status", "hang", "drip", "reset", "truncated", "malformed", "html", "huge", "content_type",
        "empty", "garbage",
    ]

    var kind: String
    var provider: String?
    var count: Int?
    var status: Int?
    var bytes: Int?
    var pathPrefix: String?
    var delay: Int?
    var jitter: Int?
    var interval: Int?
    var retryAfter: Int?
    var contentType: String?
    var steady: Bool?

    /// The fault that is meant, every number within its bounds.
    func fault() throws(ControlError) -> Fault {
        Fault(
            try faultKind(), provider: try providerKey(), pathPrefix: pathPrefix,
            count: try bounded(count, "count", 1...1_000_000))
    }

    private func providerKey() throws(ControlError) -> SimulatedPart? {
        guard let provider else { return nil }
        guard let key = SimulatedPart(rawValue: provider) else {
            let names = SimulatedPart.allCases.map(\.rawValue).joined(separator: ", ")
            throw ControlError(400, "no provider is named \(quoted(provider)); take one of: \(names)")
        }
        return key
    }

    private func faultKind() throws(ControlError) -> Fault.Kind {
        switch kind {
        case "latency":
            return .latency(
                try duration(delay, "delay_ms"), jitter: try duration(jitter ?? 0, "jitter_ms"),
                isSteady: steady ?? false)
        case "status":
            return .status(
                try required(try bounded(status, "status", 200...599), "status"),
                retryAfter: try bounded(retryAfter, "retry_after_s", 0...86_400))
        case "hang": return .hang
        case "drip": return .drip(interval: try duration(interval, "interval_ms"))
        case "reset": return .reset(afterBodyBytes: try bounded(bytes, "bytes", 0...Fault.hugeBytesMax))
        case "truncated": return .truncated
        case "malformed": return .malformed
        case "html": return .html(status: try bounded(status, "status", 200...599) ?? 502)
        case "huge":
            return .huge(bytes: try required(try bounded(bytes, "bytes", 1...Fault.hugeBytesMax), "bytes"))
        case "content_type": return .contentType(try mediaType())
        case "empty": return .empty
        case "garbage": return .garbage
        default:
            throw ControlError(
                400, "no fault is named \(quoted(kind)); take one of: \(Self.kinds.joined(separator: ", "))")
        }
    }

    private func mediaType() throws(ControlError) -> String {
        let type = try required(contentType, "content_type")
        guard !type.isEmpty, type.utf8.count <= 128, type.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw ControlError(400, "'content_type' must be 1 to 128 printable ASCII characters")
        }
        return type
    }

    private func duration(_ milliseconds: Int?, _ name: String) throws(ControlError) -> Duration {
        let max = Int(Fault.durationMax.components.seconds) * 1_000
        return .milliseconds(try required(try bounded(milliseconds, name, 0...max), name))
    }

    private func required<Value>(_ value: Value?, _ name: String) throws(ControlError) -> Value {
        guard let value else { throw ControlError(400, "the fault \(quoted(kind)) needs '\(name)'; add it") }
        return value
    }
}

/// A number from outside within its bounds, or nil when it was not given.
func bounded(_ value: Int?, _ name: String, _ range: ClosedRange<Int>) throws(ControlError) -> Int? {
    guard let value, !range.contains(value) else { return value }
    throw ControlError(400, "'\(name)' must be from \(range.lowerBound) to \(range.upperBound), not \(value)")
}

/// What `GET /_sim/faults` tells of a fault in force.
struct FaultSummary: Encodable, Sendable {
    var id: Int
    var kind: String
    var provider: String?
    var pathPrefix: String?
    var remaining: Int?

    init(_ entry: FaultTable.Entry) {
        id = entry.id
        kind = entry.fault.name
        provider = entry.fault.provider?.rawValue
        pathPrefix = entry.fault.pathPrefix
        remaining = entry.fault.count
    }
}

extension Fault {
    /// The name by which the control interface knows its kind.
    var name: String {
        switch kind {
        case .latency: "latency"
        case .status: "status"
        case .hang: "hang"
        case .drip: "drip"
        case .reset: "reset"
        case .truncated: "truncated"
        case .malformed: "malformed"
        case .html: "html"
        case .huge: "huge"
        case .contentType: "content_type"
        case .empty: "empty"
        case .garbage: "garbage"
        }
    }
}
