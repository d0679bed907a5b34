package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `Health.Check` and `Health.Watch` are asked.
package struct HealthCheckRequest: Hashable, Sendable {
    /// The part: empty for the whole daemon.
    package var service: String

    package init(service: String = "") { self.service = service }
}

extension HealthCheckRequest: WirePayload {
    package init(message: Grpc__Health__V1__HealthCheckRequest) throws(WireError) {
        self.init(service: try decodeText(message.service, "service"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Grpc__Health__V1__HealthCheckRequest> {
        let message = arena.make(grpc__health__v1__health_check_request__init)
        message.pointee.service = arena.text(service)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Grpc__Health__V1__HealthCheckRequest>? {
        arena.unpack(bytes, with: grpc__health__v1__health_check_request__unpack)
    }
}

/// `HealthCheckResponse`: what `Health.Check` answers and `Health.Watch` streams.
extension ServingStatus: WirePayload {
    package init(message: Grpc__Health__V1__HealthCheckResponse) {
        self = ServingStatus(wire: message.status) ?? .unrecognised
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Grpc__Health__V1__HealthCheckResponse> {
        let message = arena.make(grpc__health__v1__health_check_response__init)
        message.pointee.status = wire
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Grpc__Health__V1__HealthCheckResponse>? {
        arena.unpack(bytes, with: grpc__health__v1__health_check_response__unpack)
    }
}

/// What `Health.List` answers. Its request is an empty message, whose bytes nobody reads.
package struct HealthList: Hashable, Sendable {
    /// Each part by its name; empty for the whole daemon.
    package var statuses: [String: ServingStatus]

    package init(statuses: [String: ServingStatus]) { self.statuses = statuses }
}

extension HealthList: WirePayload {
    package init(message: Grpc__Health__V1__HealthListResponse) throws(WireError) {
        let entries = try decodeElements(message.statuses, count: message.n_statuses, max: .max, "statuses") {
            entry throws(WireError) in
            // As in every map of protobuf, a part of an entry that is absent has its zero value.
            let status: ServingStatus? = try decodeMessage(entry.pointee.value, "value")
            return (try decodeText(entry.pointee.key, "key"), status ?? .unknown)
        }
        self.init(statuses: Dictionary(entries) { _, last in last })
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Grpc__Health__V1__HealthListResponse> {
        let message = arena.make(grpc__health__v1__health_list_response__init)
        message.pointee.n_statuses = statuses.count
        message.pointee.statuses = arena.list(statuses.sorted { $0.key < $1.key }) { service, status in
            let entry = arena.make(grpc__health__v1__health_list_response__statuses_entry__init)
            entry.pointee.key = arena.text(service)
            entry.pointee.value = status.message(in: arena)
            return entry
        }
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Grpc__Health__V1__HealthListResponse>? {
        arena.unpack(bytes, with: grpc__health__v1__health_list_response__unpack)
    }
}
