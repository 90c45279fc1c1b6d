import Daemon
import Facts

/// What somebody sent with a form, or a program with a request, and on whose behalf it is done.
struct Act: Sendable {
    let form: FormBody
    let caller: Caller
    let state: DaemonState
    let assembly: Assembly

    /// A field that has to be filled in.
    func text(_ name: String) throws -> String {
        guard let text = form[name] else {
            throw TaskError(Words(en: "the field '\(name)' is empty", zh: "字段“\(name)”未填写"), isUsage: true)
        }
        return text
    }

    /// The store that it is about. One that may not be seen is not there; one that may not be acted on says so.
    func store() throws -> Store {
        let id = try text("store")
        guard let store = assembly.fleet.watched(id)?.store, caller.mayRead(store) else {
            throw TaskError(Page.noSuchStore, isUsage: true)
        }
        guard caller.mayAct(on: store) else { throw Forbidden() }
        return store
    }

    /// The same for what takes a store's id for a pattern: one that fits others too is everybody's.
    func patternStore() throws -> Store {
        let store = try store()
        if store.id.contains(where: { "*?".contains($0) }) { try requireAll() }
        return store
    }

    /// What concerns all stores.
    func requireAll() throws {
        guard caller.mayActOnAll else { throw Forbidden() }
    }

    struct Forbidden: Error {}

    /// What was done: told to people, and where something has come to be, its name for programs.
    struct Done: Sendable {
        var words: Words
        var id: String?

        init(_ words: Words, id: String? = nil) { (self.words, self.id) = (words, id) }
        init(en: String, zh: String, id: String? = nil) { self.init(Words(en: en, zh: zh), id: id) }
    }

    /// What a day field and a length field have in common: one of them, or neither.
    var until: String? { form["until"] ?? form["for"] }
}
