import Facts
import Foundation
import Language
import Rules

/// Turns the file as written into the configuration as meant: opens what it names, resolves secrets, fills in defaults.
struct ConfigReader {
    var folder: String
    var environment: [String: String]
    var resolvesSecrets: Bool
    /// Has their names in the place of secrets that are not resolved.
    var namesSecrets = false
    var log: DiagnosticLog

    func config(from file: ConfigFile, path: String, digest: String) -> Config? {
        let accounts = Dictionary(file.accounts.map { ($0.id.value, $0) }) { first, _ in first }
        let stores = joined(file.stores.flatMap { entries($0, accounts) })
        refuseRepeated(file.accounts.map(\.id), what: "account")
        let feeds = file.feeds.compactMap(feed)
        let receivers = file.receivers.compactMap(receiver)
        refuseRepeated(file.feeds.map(\.id), what: "feed")
        refuseRepeated(file.receivers.map(\.id), what: "receiver")
        checkFallbacks(file.receivers)
        refuseRepeated(
            stores.compactMap { entry in
                guard case .id(let id) = entry.subject else { return nil }
                return Placed(value: id, place: entry.place, source: entry.source)
            }, what: "store")
        let packs = file.packs.flatMap(packTexts)
        let listen = file.listen.flatMap(address) ?? .standard
        checkReach(of: listen, file)
        if let url = file.publicURL, !isWebAddress(url.value) {
            log.error("public_url must begin with https:// or http://", at: url.place, in: url.source)
        }
        let database = file.database.flatMap(database)
        // What is wrong with it has been said; the rest is held against the packs all the same.
        guard database != nil || log.diagnostics.contains(where: { $0.severity == .error }) else { return nil }
        return Config(
            path: path, digest: digest, database: database ?? .sqlite(path: ""), packs: packs, listen: listen,
            publicURL: file.publicURL.map { $0.value.hasSuffix("/") ? String($0.value.dropLast()) : $0.value },
            caFile: file.caFile.flatMap(authorities), stores: stores, feeds: feeds, receivers: receivers,
            inhibitions: file.inhibitions,
            observed: file.observed.map { ObservedEntry(name: $0.value, place: $0.place, source: $0.source) },
            heartbeat: file.heartbeat.flatMap(heartbeat), access: file.access ?? AccessTerms(),
            metrics: file.metrics ?? MetricsEntry())
    }

    /// With what entries without a pack add to the one of their store: a filled-in form of limits is such a file.
    private func joined(_ all: [StoreEntry]) -> [StoreEntry] {
        var entries = all.filter { !$0.pack.isEmpty }
        for addition in all where addition.pack.isEmpty {
            guard case .id(let id) = addition.subject else { continue }
            if let place = entries.firstIndex(where: { $0.subject == .id(id) }) {
                entries[place].add(addition, log)
                continue
            }
            let pattern = entries.first {
                if case .match(let glob) = $0.subject { Glob(glob).matches(id) } else { false }
            }
            guard var entry = pattern else {
                log.error(
                    "no entry with a pack watches the store '\(id)' to which this adds", at: addition.place,
                    in: addition.source)
                continue
            }
            entry.subject = .id(id)
            entry.add(addition, log)
            entries.append(entry)
        }
        return entries
    }

    private func checkFallbacks(_ receivers: [ConfigFile.ReceiverItem]) {
        let ids = receivers.map(\.id.value)
        for item in receivers {
            guard let fallback = item.fallback else { continue }
            if fallback.value == item.id.value {
                log.error("a receiver cannot be told that it is down itself", at: fallback.place, in: fallback.source)
            } else if !ids.contains(fallback.value) {
                let hint = NearestName.hint(for: fallback.value, among: ids)
                log.error("there is no receiver '\(fallback.value)'\(hint)", at: fallback.place, in: fallback.source)
            }
        }
    }

    func authorities(_ placed: Placed<String>) -> String? {
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

    func packTexts(_ placed: Placed<String>) -> [SourceText] {
        files(placed, what: "the pack").compactMap { text(ofFile: $0, what: "the pack", namedBy: placed) }
    }

    func entries(
        _ item: ConfigFile.StoreItem, _ accounts: [String: ConfigFile.AccountItem]
    ) -> [StoreEntry] {
        switch item {
        case .entry(let entry): return [reached(entry, accounts)]
        case .path(let placed):
            return files(placed, what: "the store file").flatMap { path -> [StoreEntry] in
                guard let source = text(ofFile: path, what: "the store file", namedBy: placed),
                    let root = YAMLCursor.open(source, as: "the store file", log: log)
                else { return [] }
                return ConfigFile.storeItems(root).compactMap { item in
                    if case .entry(let entry) = item { return reached(entry, accounts) }
                    if case .path(let inner) = item {
                        log.error(
                            "a store file holds entries only, no further files", at: inner.place, in: inner.source)
                    }
                    return nil
                }
            }
        }
    }
}

extension StoreEntry {
    /// Values of both; what is given twice is an error.
    fileprivate mutating func add(_ other: StoreEntry, _ log: DiagnosticLog) {
        for (name, value) in other.parameters {
            if parameters[name] != nil {
                log.error(
                    "the parameter '\(name)' of this store is given twice",
                    at: other.parameterPlaces[name] ?? other.place,
                    in: other.source)
            }
            (parameters[name], parameterPlaces[name]) = (value, other.parameterPlaces[name])
        }
        for (rule, acceptance) in other.accepted {
            (accepted[rule], acceptedPlaces[rule]) = (acceptance, other.acceptedPlaces[rule])
        }
        switch (confirmation, other.confirmation) {
        case (_, .none): break
        case (.rules(let own), .rules(let more)): confirmation = .rules(own.union(more))
        case (.all, _): break
        default: confirmation = other.confirmation
        }
    }
}
