import Curl
import Facts
import Foundation
import Language
import Notify
import Pull
import Rules

/// Single values: addresses, feeds, receivers and their secrets.
extension ConfigReader {
    func database(_ placed: Placed<String>) -> DatabaseAddress? {
        let text = placed.value
        if text.hasPrefix("sqlite:") {
            let path = String(text.dropFirst("sqlite:".count))
            guard !path.isEmpty else {
                log.error(
                    "the database has no path; write sqlite:/var/lib/goodstanding/ledger.db", at: placed.place,
                    in: placed.source)
                return nil
            }
            return .sqlite(path: absolute(path))
        }
        // Not quoted: an address may hold a password.
        let reason = text.hasPrefix("postgres") ? "PostgreSQL is not supported yet" : "this is no database address"
        log.error(
            "\(reason); write sqlite: and a path, such as sqlite:/var/lib/goodstanding/ledger.db", at: placed.place,
            in: placed.source)
        return nil
    }

    func address(_ placed: Placed<String>) -> ListenAddress? {
        let text = placed.value
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port),
            colon > text.startIndex
        else {
            log.error(
                "'\(text)' is no address to listen on; write host:port, such as 127.0.0.1:8420", at: placed.place,
                in: placed.source)
            return nil
        }
        let host = text[..<colon].trimmingPrefix("[").reversed().trimmingPrefix("]").reversed()
        return ListenAddress(host: String(host), port: port)
    }

    /// What other machines can reach lets nobody in whom it does not know.
    func checkReach(of listen: ListenAddress, _ file: ConfigFile) {
        guard let placed = file.listen, !listen.isLoopback else { return }
        if file.access?.isOpen ?? true {
            log.error(
                "'\(placed.value)' can be reached by other machines, so everybody has to show who he is: give access: tokens: (goodstanding token new NAME makes one) or access: proxy:, or listen on 127.0.0.1",
                at: placed.place, in: placed.source)
        } else if !(file.publicURL?.value.hasPrefix("https://") ?? false) {
            log.warning(
                "tokens cross the network as they are: listen on 127.0.0.1 behind a proxy that speaks HTTPS, and name it under public_url: https://…",
                at: placed.place, in: placed.source)
        }
    }

    func feed(_ item: ConfigFile.FeedItem) -> FeedEntry? {
        if item.id.value == "push" {
            log.error(
                "'push' is what facts are known by that programs bring themselves; give the feed another id",
                at: item.id.place, in: item.id.source)
        }
        guard checkAddress(item.url, what: "feed") else { return nil }
        let every = item.every ?? .minutes(5)
        var headers: [(name: String, value: Secret)] = []
        for header in item.headers {
            guard isHeaderName(header.name.value) else {
                log.error(
                    "'\(header.name.value)' is no HTTP header name", at: header.name.place, in: header.name.source)
                continue
            }
            // Only what a header is usually secret for is warned of; Accept: and the like are plain.
            let isSensitive = ["authorization", "cookie", "x-api-key", "token"].contains {
                header.name.value.lowercased().contains($0)
            }
            if let value = resolve(header.value, warnsOfLiteral: isSensitive) {
                headers.append((header.name.value, value))
            }
        }
        guard Pulling.canAsk(item.url.value) else {
            log.error(
                "the address of feed '\(item.id.value)' cannot be asked; it is ASCII, without user and password (those go into headers:)",
                at: item.url.place, in: item.url.source)
            return nil
        }
        return FeedEntry(
            id: item.id.value, url: item.url.value, headers: headers, every: every,
            staleAfter: item.staleAfter ?? PullSchedule.staleAfter(every: every),
            overlap: item.overlap ?? .minutes(10), kinds: item.kinds)
    }

    /// With what is written of how its platform is reached, as it is meant.
    func reached(_ entry: StoreEntry, _ accounts: [String: ConfigFile.AccountItem]) -> StoreEntry {
        guard var item = entry.accessItem else { return entry }
        var entry = entry
        var expires: [String: PlatformAccess.Expiring] = [:]
        if let named = item.account {
            item.credentials += shared(by: named, with: entry, item, accounts)
            for (name, day) in accounts[named.value]?.expires ?? [] {
                expires[name.value] = .init(day: day, isAccounts: true)
                if !item.expires.contains(where: { $0.name.value == name.value }) { item.expires.append((name, day)) }
            }
        }
        for (name, day) in item.expires where expires[name.value]?.day != day {
            expires[name.value] = .init(day: day, isAccounts: false)
        }
        entry.accessItem = item
        if let endpoint = item.endpoint {
            let host = URL(string: endpoint.value)?.host(percentEncoded: false) ?? ""
            let isPlain = endpoint.value.hasPrefix("http://")
            if !endpoint.value.hasPrefix("https://"), !isPlain || !ListenAddress(host: host, port: 0).isLoopback {
                log.error(
                    "an endpoint begins with https://; plain http:// is taken on this machine alone",
                    at: endpoint.place, in: endpoint.source)
            } else if !Pulling.canAsk(endpoint.value) || endpoint.value.contains(where: { "?#".contains($0) }) {
                log.error(
                    "the endpoint cannot be asked; it is ASCII, without query, user and password (those go into credentials:)",
                    at: endpoint.place, in: endpoint.source)
            }
        }
        var credentials: [String: Secret] = [:]
        for credential in item.credentials {
            // A key or an id is no secret: of those that are, the names say so.
            let isSensitive = ["secret", "token", "password"].contains { credential.name.value.contains($0) }
            credentials[credential.name.value] = resolve(credential.value, warnsOfLiteral: isSensitive)
        }
        let every = item.every ?? .minutes(15)
        entry.access = PlatformAccess(
            endpoint: item.endpoint?.value, credentials: credentials, every: every,
            staleAfter: item.staleAfter ?? PullSchedule.staleAfter(every: every), since: item.since,
            streams: Dictionary(item.streams.map { ($0.name.value, $0.every) }) { $1 }, account: item.account?.value,
            callsPerSecond: item.account.flatMap { accounts[$0.value]?.callsPerSecond }, expires: expires)
        return entry
    }

    /// What the store's account gives and the store itself does not.
    private func shared(
        by named: Placed<String>, with entry: StoreEntry, _ item: ConfigFile.AccessItem,
        _ accounts: [String: ConfigFile.AccountItem]
    ) -> [(name: Placed<String>, value: Placed<SecretReference>)] {
        guard let account = accounts[named.value] else {
            let hint = NearestName.hint(for: named.value, among: Array(accounts.keys))
            log.error("there is no account '\(named.value)'\(hint)", at: named.place, in: named.source)
            return []
        }
        if account.pack.value != entry.pack {
            log.error(
                "the account '\(named.value)' is one of the pack '\(account.pack.value)', and this store has '\(entry.pack)'",
                at: named.place, in: named.source)
        }
        let own = Set(item.credentials.map(\.name.value))
        return account.credentials.filter { !own.contains($0.name.value) }
    }

    func heartbeat(_ item: ConfigFile.HeartbeatItem) -> HeartbeatEntry? {
        guard let url = resolve(item.url, warnsOfLiteral: false) else { return nil }
        let placed = Placed(value: url.reveal(), place: item.url.place, source: item.url.source)
        guard !resolvesSecrets || checkAddress(placed, what: "heartbeat", isSecret: true) else { return nil }
        return HeartbeatEntry(url: url, every: item.every ?? .minutes(5))
    }

    func resolve(_ reference: Placed<SecretReference>, warnsOfLiteral: Bool) -> Secret? {
        if warnsOfLiteral, case .literal = reference.value {
            log.warning(
                "this secret stands in the file itself; {env: NAME}, {file: PATH} or {credential: NAME} keeps it out",
                at: reference.place, in: reference.source)
        }
        guard resolvesSecrets else { return namesSecrets ? reference.value.name : Secret("") }
        do {
            return try Secrets(environment: environment, folder: folder).resolve(reference.value)
        } catch {
            log.error(error.message, at: reference.place, in: reference.source)
            return nil
        }
    }

    func checkAddress(_ placed: Placed<String>, what: String, isSecret: Bool = false) -> Bool {
        // What follows the host may hold a token.
        let host = URL(string: placed.value)?.host(percentEncoded: false)
        let shown = isSecret || host == nil ? "the \(what)'s address" : "the \(what)'s address at \(host ?? "")"
        guard isWebAddress(placed.value), let host = URL(string: placed.value)?.host(percentEncoded: false),
            !host.isEmpty
        else {
            log.error("\(shown) is no web address; it begins with https://", at: placed.place, in: placed.source)
            return false
        }
        if placed.value.hasPrefix("http://"), !ListenAddress(host: host, port: 0).isLoopback {
            log.warning(
                "\(shown) is plain http: what travels can be read and changed on the way; use https", at: placed.place,
                in: placed.source)
        }
        return true
    }

    func isWebAddress(_ text: String) -> Bool { text.hasPrefix("https://") || text.hasPrefix("http://") }

    private func isHeaderName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
    }

    func refuseRepeated(_ ids: [Placed<String>], what: String) {
        var first: [String: Placed<String>] = [:]
        for id in ids {
            if let earlier = first[id.value] {
                let line = earlier.source.lineAndColumn(at: earlier.place.lowerBound).line
                log.error(
                    "the \(what) '\(id.value)' is there twice, first on line \(line) of \(earlier.source.name)",
                    at: id.place, in: id.source)
            } else {
                first[id.value] = id
            }
        }
    }
}
