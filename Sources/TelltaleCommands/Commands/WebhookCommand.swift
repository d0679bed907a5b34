import StatusModel
import TelltaleClient

extension Command {
    package static let webhook = Command(
        CommandSyntax(
            name: "webhook", operands: "PROVIDER", operandCount: 1...1,
            summary: "Hands a webhook on to the daemon, its body on standard input",
            discussion: """
                PROVIDER is github, vercel, sanity or supabase. Hand on the body byte for byte, for its signature covers it,
                and at least the headers whose names begin with x-github, x-hub, x-vercel, sanity, webhook or x-webhook, and
                idempotency-key. The daemon checks the signature by the project's webhookSecret, tells its watchers what the
                delivery says, and reads again what it concerns.

                A delivery counts once however often it is handed on. Without --project the project is found from what is
                delivered, but for Supabase, which does not tell. Answer the sender with 200 if this ends well, with 401 if
                it exits with 77, with 400 if with 64, and otherwise with 503, so that it tries again.

                JSON: an object {events, duplicate}.
                """,
            options: [Option.header.syntax, Option.project.syntax, Flag.json.syntax],
            examples: [
                CommandSyntax.Example(
                    "telltale webhook github --header \"$EVENT\" --header \"$DELIVERY\" --header \"$SIGNATURE\" < body",
                    "By its headers, such as X-GitHub-Event: push, for every project that links its repository."),
                CommandSyntax.Example(
                    "telltale webhook supabase --project shop --header \"X-Webhook-Secret: $SECRET\" < body",
                    "A database webhook of the project shop."),
            ]),
        run: { context throws(CommandFailure) in
            let delivery = try delivery(from: context)
            let receipt = try await context.asking { client throws(TelltaleError) in
                try await client.ingestWebhook(delivery)
            }
            if context.wantsJSON {
                try context.write(.receipt(receipt))
            } else {
                try context.write([words(for: receipt)])
            }
            return .ok
        })

    private static func delivery(from context: CommandContext) throws(CommandFailure) -> WebhookDelivery {
        let name = context.arguments.operands.first ?? ""
        guard let provider = ProviderKey(rawValue: name) else {
            throw CommandFailure(.usage, "\"\(name)\" sends no webhooks: it is github, vercel, sanity or supabase.")
        }
        let headers = context.arguments.all(Option.header)
        guard headers.count <= WebhookDelivery.headersMax else {
            throw CommandFailure(
                .usage, "A webhook has at most \(WebhookDelivery.headersMax) headers, not \(headers.count).")
        }
        let project = try context.arguments[.project].flatMap { name throws(CommandFailure) in
            try context.projects([name]).first
        }
        let body = try context.console.readInput(bytesMax: WebhookDelivery.bodyBytesMax)
        return WebhookDelivery(provider: provider, headers: headers, body: body, projectID: project)
    }

    private static func words(for receipt: WebhookReceipt) -> String {
        let events = receipt.events.map(\.text).joined(separator: ", ")
        let told = events.isEmpty ? "; it tells nothing new" : " as \(events)"
        return receipt.isDuplicate
            ? "The webhook had come before\(events.isEmpty ? "" : told); nothing was done again."
            : "The webhook is genuine and taken\(told)."
    }
}

extension Option where Value == String {
    fileprivate static let project = Option(
        "project", "ID", "The project that it is for.", expectation: "the name of a project"
    ) { $0.isEmpty ? nil : $0 }
}

extension Option where Value == WebhookHeader {
    fileprivate static let header = Option(
        "header", "HEADER", "A header as it came; once for each.",
        expectation: "NAME: VALUE, as in X-GitHub-Event: push"
    ) { WebhookHeader(text: $0) }
}

extension WebhookHeader {
    /// Reads `NAME: VALUE`; nil when it is none.
    fileprivate init?(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(" "),
            text.utf8.count <= WebhookDelivery.headerBytesMax
        else { return nil }
        let value = parts[1].drop { $0 == " " || $0 == "\t" }
        self.init(String(parts[0]), String(value))
    }
}
