import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import Testing

@Suite("The descriptions of the messages")
struct DescriptorTests {
    /// protobuf-c reads a message within a message by calling itself, so a type that held itself would let a peer
    /// choose how deep the stack grows.
    @Test("no message that a peer may send holds itself, and none is more than eight deep")
    func bounded() {
        let arena = MessageArena()
        arena.scoped {
            let roots: [UnsafePointer<ProtobufCMessageDescriptor>?] = [
                arena.make(ttrpc__request__init).pointee.base.descriptor,
                arena.make(ttrpc__response__init).pointee.base.descriptor,
                arena.make(telltale__v1__get_status_request__init).pointee.base.descriptor,
                arena.make(telltale__v1__get_status_response__init).pointee.base.descriptor,
                arena.make(telltale__v1__watch_request__init).pointee.base.descriptor,
                arena.make(telltale__v1__watch_response__init).pointee.base.descriptor,
                arena.make(telltale__v1__run_action_request__init).pointee.base.descriptor,
                arena.make(telltale__v1__run_action_response__init).pointee.base.descriptor,
                arena.make(telltale__v1__list_operations_response__init).pointee.base.descriptor,
                arena.make(telltale__v1__ingest_webhook_request__init).pointee.base.descriptor,
                arena.make(telltale__v1__report_run_request__init).pointee.base.descriptor,
                arena.make(telltale__v1__list_projects_response__init).pointee.base.descriptor,
                arena.make(telltale__v1__explain_response__init).pointee.base.descriptor,
                arena.make(google__rpc__bad_request__init).pointee.base.descriptor,
                arena.make(google__rpc__error_info__init).pointee.base.descriptor,
                arena.make(grpc__health__v1__health_list_response__init).pointee.base.descriptor,
            ]
            for root in roots { #expect(depth(of: root, limit: 9) <= 8) }
            #expect(depth(of: roots[1], limit: 9) == 3, "Response holds Status, which holds Any")
        }
    }

    /// How many messages deep; `limit` when it is that or more.
    private func depth(of descriptor: UnsafePointer<ProtobufCMessageDescriptor>?, limit: Int) -> Int {
        guard let descriptor = descriptor?.pointee, limit > 0 else { return 0 }
        var deepest = 0
        for index in 0..<Int(descriptor.n_fields) {
            let field = descriptor.fields[index]
            guard field.type == PROTOBUF_C_TYPE_MESSAGE, let held = field.descriptor else { continue }
            let inner = held.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
            deepest = max(deepest, depth(of: inner, limit: limit - 1))
        }
        return deepest + 1
    }
}
