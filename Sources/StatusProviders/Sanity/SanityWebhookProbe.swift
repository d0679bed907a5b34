import HTTPClient
import StatusCore
import StatusModel

/// Brings what is known of the webhooks up to date, in one round trip where the hooks are known.
struct SanityWebhookProbe: Sendable {
    /// A list that came faster lets the deliveries be asked for at once; else they wait for the next read, which
    /// follows at once (``Reading/isPartial``).
    static let quick = Duration.milliseconds(100)

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
        await withTaskGroup(of: (id: String, answer: SanityAnswer).self) { group in
            for hook in webhooks.due(at: now) {
                group.addTask { (hook.id, await deliveries(of: hook.id, exchange)) }
            }
            for await (id, answer) in group { webhooks.note(deliveries: answer, of: id, now: now) }
        }
        return webhooks
    }

    /// Tries the known routes in turn while there is nothing at one.
    private func deliveries(of hook: String, _ exchange: ProviderExchange) async -> SanityAnswer {
        var exchange = exchange
        var answer = SanityAnswer(.failure(SanityClassifier.unreadable))
        for request in requests.deliveries(hook: hook) {
            answer = await Self.send(request, &exchange)
            guard case .success(let response) = answer.result, response.status == 404 else { break }
        }
        return answer
    }

    private static func send(_ request: HTTPRequest, _ exchange: inout ProviderExchange) async -> SanityAnswer {
        do throws(ProviderFailure) {
            return SanityAnswer(.success(try await exchange.send(request)))
        } catch {
            return SanityAnswer(.failure(error))
        }
    }
}
