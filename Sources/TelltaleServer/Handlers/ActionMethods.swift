import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore

/// `RunAction`, `GetOperation`, `ListOperations` (SPEC §7): the permission is decided here and in the engine's table, every
/// decision leaves one line, and what is refused was asked of nobody.
struct ActionMethods: Sendable {
    let engine: StatusEngine
    let time: any TimeSource
    let audit: AuditLog

    func run(_ request: ActionRequest, _ caller: Principal) async throws(RPCStatus) -> OperationReceipt {
        let answer: ActionAnswer
        do throws(ActionRefusal) {
            answer = try await engine.run(request, for: ActionActor(caller)) {
                [audit] allowance async throws(ActionRefusal) in
                try await audit.allowed(request, caller, allowance)
            }
        } catch {
            audit.refused(request, caller, error)
            throw CallErrors.refused(error, caller.role)
        }
        let now = time.now
        switch answer {
        case .operation(let record, let isReplayed):
            if isReplayed { audit.replayed(request, caller, record) }
            return OperationReceipt(operation: record.operation(for: caller.role, at: now), isReplayed: isReplayed)
        case .plan(let plan):
            audit.dryRun(request, caller)
            return OperationReceipt(
                operation: OperationRecord.dryRun(
                    request, plan, for: caller.role, requestedBy: caller.name, at: now))
        }
    }

    func operation(_ query: OperationQuery, _ caller: Principal) async throws(RPCStatus) -> Operation {
        let operation: Operation?
        do throws(StoreError) { operation = try await engine.operation(query, for: caller.role) } catch {
            throw CallErrors.notFoundOut(error, caller.role)
        }
        guard let operation else { throw CallErrors.unknownOperation(query.id) }
        return operation
    }

    func operations(_ query: OperationListQuery, _ caller: Principal) async throws(RPCStatus) -> OperationPage {
        var place: OperationPlace?
        if !query.pageToken.isEmpty {
            place = OperationPlace(query.pageToken)
            guard place != nil else {
                throw CallErrors.invalid("page_token", "must be the next_page_token of an earlier page")
            }
        }
        let page: OperationPage?
        do throws(StoreError) { page = try await engine.operations(query, after: place, for: caller.role) } catch {
            throw CallErrors.notFoundOut(error, caller.role)
        }
        guard let page else { throw CallErrors.unknownProject(query.projectID) }
        return page
    }
}

extension ActionActor {
    init(_ caller: Principal) {
        self.init(identity: caller.identity, displayName: caller.name, role: caller.role)
    }
}
