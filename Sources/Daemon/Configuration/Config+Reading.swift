import Curl
import Facts
import Foundation
package import Language
import Notify
import Rules

/// What stands in the way of a configuration, with places; or why no file could be read at all.
package struct ConfigurationError: Error, Sendable {
    package var diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
    init(_ message: String, file: String) {
        diagnostics = [Diagnostic(.error, message, at: 0..<0, in: SourceText(name: file, text: ""))]
    }
}

extension Config {
    /// Where the configuration is looked for: what was asked for, else $GOODSTANDING_CONFIG, else two usual places.
    package static func find(_ asked: String?, environment: [String: String]) throws(ConfigurationError) -> String {
        if let path = asked ?? environment["GOODSTANDING_CONFIG"].flatMap({ $0.isEmpty ? nil : $0 }) { return path }
        let usual = ["./goodstanding.yaml", "/etc/goodstanding/goodstanding.yaml"]
        if let path = usual.first(where: { FileManager.default.fileExists(atPath: $0) }) { return path }
        throw ConfigurationError(
            "there is no configuration: neither \(usual.joined(separator: " nor ")) exists; write one, or name one with --config or GOODSTANDING_CONFIG",
            file: "configuration")
    }

    /// Reads, checks and resolves a configuration. All errors at once; warnings come back with the configuration.
    ///
    /// - Parameter resolvesSecrets: false for commands that ask nobody anything: a person who may read the ledger need not
    ///   be able to read the secrets.
    package static func read(
        _ path: String, environment: [String: String], resolvesSecrets: Bool = true
    ) throws(ConfigurationError) -> (config: Config, warnings: [Diagnostic]) {
        let (config, found) = examine(path, environment: environment, resolvesSecrets: resolvesSecrets)
        guard let config, !found.contains(where: { $0.severity == .error }) else { throw ConfigurationError(found) }
        return (config, found)
    }

    /// The same for who has more to check: what could be read comes back whatever else is wrong.
    static func examine(
        _ path: String, environment: [String: String], resolvesSecrets: Bool
    ) -> (config: Config?, diagnostics: [Diagnostic]) {
        let log = DiagnosticLog()
        let reader = ConfigReader(
            folder: URL(filePath: path).deletingLastPathComponent().path, environment: environment,
            resolvesSecrets: resolvesSecrets, log: log)
        guard let source = reader.text(ofFile: path, what: "the configuration") else {
            return (nil, log.diagnostics)
        }
        let config = reader.config(from: ConfigFile(source, log: log), path: path)
        return (config, reader.withoutSecrets(log.inOrder))
    }
}

/// Turns the file as written into the configuration as meant: opens what it names, resolves secrets, fills in defaults.
private struct ConfigReader {
    var folder: String
    var environment: [String: String]
    var resolvesSecrets: Bool
    var log: DiagnosticLog

    func config(from file: ConfigFile, path: String) -> Config? {
        let stores = file.stores.flatMap(entries)
        let feeds = file.feeds.compactMap(feed)
        let receivers = file.receivers.compactMap(receiver)
        refuseRepeated(file.feeds.map(\.id), what: "feed")
        refuseRepeated(file.receivers.map(\.id), what: "receiver")
        refuseRepeated(
            stores.compactMap { entry in
                guard case .id(let id) = entry.subject else { return nil }
                return Placed(value: id, place: entry.place, source: entry.source)
            }, what: "store")
        let packs = file.packs.flatMap(packTexts)
        let listen = file.listen.flatMap(address) ?? .standard
        if let url = file.publicURL, !isWebAddress(url.value) {
            log.error("public_url must begin with https:// or http://", at: url.place, in: url.source)
        }
        guard let database = file.database.flatMap(database) else { return nil }
        return Config(
            path: path, database: database, packs: packs, listen: listen,
            publicURL: file.publicURL.map { $0.value.hasSuffix("/") ? String($0.value.dropLast()) : $0.value },
            caFile: file.caFile.flatMap(authorities), stores: stores, feeds: feeds, receivers: receivers)
    }

    /// A line on which a secret may be written out is not shown, whatever is wrong with it: everything below `feeds:`,
    /// `receivers:` and `accounts:`, and what looks like a secret elsewhere. By the text alone, because a file whose YAML
    /// is broken has nothing else to go by.
    func withoutSecrets(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        diagnostics.map { diagnostic in
            let number = diagnostic.source.lineAndColumn(at: diagnostic.range.lowerBound).line
            let line = diagnostic.source.line(number).lowercased()
            let section =
                (1...max(number, 1)).reversed().lazy.map { diagnostic.source.line($0) }
                .first { $0.first.map { !$0.isWhitespace && $0 != "-" && $0 != "#" } ?? false } ?? ""
            var shown = diagnostic
            shown.hidesLine =
                ["feeds", "receivers", "accounts"].contains { section.hasPrefix($0) }
                || ["secret", "headers", "authorization", "webhook", "token", "password", "cookie", "whsec_", "api"]
                    .contains { line.contains($0) }
            return shown
        }
    }

    private func authorities(_ placed: Placed<String>) -> String? {
        let path = absolute(placed.value)
        guard FileManager.default.isReadableFile(atPath: path) else {
            log.error(
                "ca_file \(path) cannot be read; check its path, owner and mode", at: placed.place, in: placed.source)
            return nil
        }
        return path
    }

    // MARK: Files

    /// The text of a file that is named, or nil with the reason in the log.
    func text(ofFile path: String, what: String, namedBy placed: Placed<String>? = nil) -> SourceText? {
        func refuse(_ message: String) {
            log.error(
                message, at: placed?.place ?? 0..<0, in: placed?.source ?? SourceText(name: path, text: ""))
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            refuse("\(what) \(path) does not exist")
            return nil
        }
        guard !isFolder.boolValue else {
            refuse("\(what) \(path) is a folder, not a file")
            return nil
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            refuse("\(what) \(path) cannot be read; check its owner and mode")
            return nil
        }
        return YAMLCursor.text(of: Array(data), name: path, log: log)
    }

    func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : folder + "/" + path }

    /// The `.yaml` files directly in a folder, by name; or the file itself.
    func files(_ placed: Placed<String>, what: String) -> [String] {
        let path = absolute(placed.value)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            log.error("\(what) \(path) does not exist", at: placed.place, in: placed.source)
            return []
        }
        guard isFolder.boolValue else { return [path] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            log.error(
                "the folder \(path) cannot be read; check its owner and mode", at: placed.place, in: placed.source)
            return []
        }
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { path + "/" + $0 }
    }

    private func packTexts(_ placed: Placed<String>) -> [SourceText] {
        files(placed, what: "the pack").compactMap { text(ofFile: $0, what: "the pack", namedBy: placed) }
    }

    private func entries(_ item: ConfigFile.StoreItem) -> [StoreEntry] {
        switch item {
        case .entry(let entry): return [entry]
        case .path(let placed):
            return files(placed, what: "the store file").flatMap { path -> [StoreEntry] in
                guard let source = text(ofFile: path, what: "the store file", namedBy: placed),
                    let root = YAMLCursor.open(source, as: "the store file", log: log)
                else { return [] }
                return ConfigFile.storeItems(root).compactMap { item in
                    if case .entry(let entry) = item { return entry }
                    if case .path(let inner) = item {
                        log.error(
                            "a store file holds entries only, no further files", at: inner.place, in: inner.source)
                    }
                    return nil
                }
            }
        }
    }

    // MARK: Values

    private func database(_ placed: Placed<String>) -> DatabaseAddress? {
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
        let reason = text.hasPrefix("postgres") ? "PostgreSQL is not supported yet" : "'\(text)' is no database address"
        log.error(
            "\(reason); write sqlite: and a path, such as sqlite:/var/lib/goodstanding/ledger.db", at: placed.place,
            in: placed.source)
        return nil
    }

    private func address(_ placed: Placed<String>) -> ListenAddress? {
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
        let address = ListenAddress(host: String(host), port: port)
        guard address.isLoopback else {
            log.error(
                "'\(text)' can be reached by other machines, which needs tokens that this version does not have yet; listen on 127.0.0.1 and put a reverse proxy before it",
                at: placed.place, in: placed.source)
            return nil
        }
        return address
    }

    private func feed(_ item: ConfigFile.FeedItem) -> FeedEntry? {
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
        guard FeedPulling.canAsk(item.url.value) else {
            log.error(
                "the address of feed '\(item.id.value)' cannot be asked; it is ASCII, without user and password (those go into headers:)",
                at: item.url.place, in: item.url.source)
            return nil
        }
        return FeedEntry(
            id: item.id.value, url: item.url.value, headers: headers, every: every,
            staleAfter: item.staleAfter ?? max(.minutes(15), TimeSpan(microseconds: every.microseconds * 3)),
            overlap: item.overlap ?? .minutes(10), kinds: item.kinds)
    }

    private func receiver(_ item: ConfigFile.ReceiverItem) -> ReceiverEntry? {
        guard let url = resolve(item.url, warnsOfLiteral: false) else { return nil }
        guard
            !resolvesSecrets
                || checkAddress(
                    Placed(value: url.reveal(), place: item.url.place, source: item.url.source), what: "receiver",
                    isSecret: true)
        else { return nil }
        var secret: Secret?
        if let reference = item.secret {
            guard let found = resolve(reference, warnsOfLiteral: true) else { return nil }
            secret = found
        }
        do {
            if resolvesSecrets { _ = try Receiver(id: item.id.value, url: url, secret: secret) }
        } catch {
            let placed = error == .unusableAddress(receiver: item.id.value) ? item.url : item.secret ?? item.url
            log.error("\(error)".trimmingCharacters(in: ["."]), at: placed.place, in: placed.source)
            return nil
        }
        return ReceiverEntry(id: item.id.value, url: url, secret: secret)
    }

    private func resolve(_ reference: Placed<SecretReference>, warnsOfLiteral: Bool) -> Secret? {
        if warnsOfLiteral, case .literal = reference.value {
            log.warning(
                "this secret stands in the file itself; {env: NAME}, {file: PATH} or {credential: NAME} keeps it out",
                at: reference.place, in: reference.source)
        }
        guard resolvesSecrets else { return Secret("") }
        do {
            return try Secrets(environment: environment, folder: folder).resolve(reference.value)
        } catch {
            log.error(error.message, at: reference.place, in: reference.source)
            return nil
        }
    }

    private func checkAddress(_ placed: Placed<String>, what: String, isSecret: Bool = false) -> Bool {
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

    private func isWebAddress(_ text: String) -> Bool { text.hasPrefix("https://") || text.hasPrefix("http://") }

    private func isHeaderName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
    }

    private func refuseRepeated(_ ids: [Placed<String>], what: String) {
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
