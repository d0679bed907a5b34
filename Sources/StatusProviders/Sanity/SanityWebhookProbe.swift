import HTTPClient
import StatusCore
import StatusModel

/// Brings what is known of the webhooks up to date, in one round trip where the hooks are known.
struct SanityWebhookProbe: Sendable {
    /// A list that came faster lets the deliveries be asked for at once; else they wait for the next read, which
    /// follows at once (``Reading/isPartial``).
    static let quick = Duration.milliseconds(100)

    /// What was answered, and by which route; nil for none that had any.
    private struct Deliveries {
        var answer: SanityAnswer
        var route: Int?
    }

    let requests: SanityRequests
    let exchange: ProviderExchange
    let dataset: String
    let now: UnixTime

    func update(_ known: SanityWebhooks) async -> SanityWebhooks {
        // Webhooks are never public.
        guard requests.isAuthenticated, !known.isHeld(at: now) else { return known }
        async let list = known.isListDue(at: now) ? listing() : nil
        var webhooks = await withDeliveries(known, exchange)
        guard let list = await list else { return webhooks }
        webhooks.note(list: list.answer, dataset: dataset, now: now)
        guard case .success(let response) = list.answer.result, response.elapsed < Self.quick,
            !webhooks.isHeld(at: now)
        else { return webhooks }
        return await withDeliveries(webhooks, list.exchange)
    }

    private func listing() async -> (answer: SanityAnswer, exchange: ProviderExchange) {
        var exchange = exchange
        let answer = await Self.send(requests.hooks(), &exchange)
        return (answer, exchange)
    }

    /// Asks for the deliveries of every hook that is due, side by side.
    private func withDeliveries(_ webhooks: SanityWebhooks, _ exchange: ProviderExchange) async -> SanityWebhooks {
        var webhooks = webhooks
        let route = webhooks.firstRoute(at: now)
        await withTaskGroup(of: (id: String, found: Deliveries).self) { group in
            for hook in webhooks.due(at: now) {
                group.addTask { (hook.id, await deliveries(of: hook.id, first: route, exchange)) }
            }
            for await (id, found) in group {
                webhooks.note(deliveries: found.answer, of: id, now: now)
                if let route = found.route { webhooks.note(route: route, now: now) }
            }
        }
        return webhooks
    }

    /// Tries the known routes in turn while there is nothing at one, that which had an answer lately before the others.
    private func deliveries(of hook: String, first: Int, _ exchange: ProviderExchange) async -> Deliveries {
        var exchange = exchange
        var found = Deliveries(answer: SanityAnswer(.failure(SanityClassifier.unreadable)))
        let routes = Array(requests.deliveries(hook: hook).enumerated())
        for (route, request) in routes.filter({ $0.offset == first }) + routes.filter({ $0.offset != first }) {
            found.answer = await Self.send(request, &exchange)
            guard case .success(let response) = found.answer.result, response.status == 404 else {
                if case .success(let response) = found.answer.result, response.status == 200 { found.route = route }
                break
            }
        }
        return found
    }

    private static func send(_ request: HTTPRequest, _ exchange: inout ProviderExchange) async -> SanityAnswer {
        do throws(ProviderFailure) {
            return SanityAnswer(.success(try await exchange.send(request)))
        } catch {
            return SanityAnswer(.failure(error))
        }
    }
}
