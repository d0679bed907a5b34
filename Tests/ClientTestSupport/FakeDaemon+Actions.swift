import ProtobufMessages
import StatusModel
import StatusWire
import TTRPCTransport

extension FakeDaemon {
    func addActions(to table: inout MethodTable) {
        let status: StaticString = "telltale.v1.StatusService"
        table.add(
            status, "RunAction",
            FakeMethod(name: "RunAction", daemon: self) { daemon, payload in
                let request = try ActionRequest(decoding: payload, in: MessageArena())
                guard let answer = daemon.current.action?(request) else { throw FakeMethod.unimplemented }
                return try answer.get().encoded(in: MessageArena())
            })
        table.add(
            status, "GetOperation",
            FakeMethod(name: "GetOperation", daemon: self) { daemon, payload in
                let query = try OperationQuery(decoding: payload, in: MessageArena())
                guard let answer = daemon.current.operation?(query) else { throw FakeMethod.unimplemented }
                return try GetOperationResponse(operation: answer.get()).encoded(in: MessageArena())
            })
        table.add(
            status, "ListOperations",
            FakeMethod(name: "ListOperations", daemon: self) { daemon, payload in
                let query = try OperationListQuery(decoding: payload, in: MessageArena())
                guard let answer = daemon.current.operations?(query) else { throw FakeMethod.unimplemented }
                return try answer.get().encoded(in: MessageArena())
            })
    }
}
