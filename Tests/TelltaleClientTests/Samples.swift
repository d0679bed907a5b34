import StatusModel
import TelltaleClient
import Testing

/// Values that the tests speak of.
enum Sample {
    static func project(_ name: String = "shop") throws -> ProjectID { try #require(ProjectID(name)) }

    static func envelope(_ name: String = "shop", renderHash: String = "r1") throws -> StatusEnvelope {
        var envelope = StatusEnvelope(projectID: try project(name))
        envelope.overall = .connected
        envelope.hash = "h1"
        envelope.renderHash = renderHash
        return envelope
    }

    static func id(_ sequence: UInt64, epoch: UInt64 = 7) -> EventID { EventID(epoch: epoch, sequence: sequence) }

    static func event(_ sequence: UInt64, _ name: String = "shop") throws -> StatusEvent {
        StatusEvent(
            id: id(sequence), at: UnixTime(seconds: 1_767_225_600), projectID: try project(name), kind: "github:push")
    }
}
