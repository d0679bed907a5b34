import FoundationEssentials
package import StatusModel

/// One webhook, as far as it is judged. Its address, `secret` and `headers` are never decoded.
package struct SanityHook: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable {
        case live
        /// Switched off by Sanity, because it kept failing.
        case disabledBySanity
        /// Switched off by somebody who meant it.
        case disabledByUser
    }

    /// How many hooks of a project are judged, enabled ones first.
    package static let judgedMax = 10
    /// Longer ids are no ids.
    package static let idBytesMax = 128

    package var id: String
    package var state: State
    /// Nil before its deliveries were asked for.
    package var delivery: SanityDelivery?
    /// When they were.
    package var askedAt: UnixTime?

    package init(id: String, state: State, delivery: SanityDelivery? = nil, askedAt: UnixTime? = nil) {
        self.id = id
        self.state = state
        self.delivery = delivery
        self.askedAt = askedAt
    }

    /// Whether an id can stand in a path, and in a memo.
    package static func isID(_ text: String) -> Bool {
        (1...idBytesMax).contains(text.utf8.count) && text.isPrintable && text != "." && text != ".."
    }

    /// Reads the list of hooks; nil when the body is none. Deleted ones and those of other datasets are left out.
    package static func list(json body: [UInt8], dataset: String) -> [Self]? {
        guard let wires = try? JSONDecoder().decode([Wire].self, from: Data(body)) else { return nil }
        let hooks = wires.filter { !$0.isDeleted && ["*", dataset, nil].contains($0.dataset) }.compactMap(\.hook)
        // What Sanity has switched off is judged by the list alone, so it goes first and never falls off it.
        let order: [State] = [.disabledBySanity, .live]
        let judged = order.flatMap { state in hooks.filter { $0.state == state }.prefix(judgedMax) }
        return judged + hooks.filter { !order.contains($0.state) }.prefix(judgedMax)
    }

    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey {
            case id, dataset, isDisabled, isDisabledByUser, deletedAt
        }

        var id: String
        var dataset: String?
        var isDisabled: Bool
        var isDisabledByUser: Bool
        var isDeleted: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(String.self, forKey: .id)
            dataset = try container.decodeIfPresent(String.self, forKey: .dataset)
            isDisabled = try container.decodeIfPresent(Bool.self, forKey: .isDisabled) ?? false
            isDisabledByUser = try container.decodeIfPresent(Bool.self, forKey: .isDisabledByUser) ?? false
            // Its form does not matter, only that it is there.
            isDeleted = try container.contains(.deletedAt) && !container.decodeNil(forKey: .deletedAt)
        }

        var hook: SanityHook? {
            guard SanityHook.isID(id) else { return nil }
            return SanityHook(
                id: id, state: isDisabledByUser ? .disabledByUser : isDisabled ? .disabledBySanity : .live)
        }
    }
}
