import Crypto
package import Facts

/// Ids derived from what they identify: the same content gives the same id on every machine and after every restart.
package enum ContentID {
    /// One stay of a rule outside ok at a store, known by the evaluated moment at which it began.
    package static func episode(_ key: AlertKey, since: Timestamp) -> String {
        id("ep_", of: ["episode", key.store, key.rule, "\(since.microseconds)"])
    }

    /// One change of an episode, as one receiver hears of it.
    package static func notice(receiver: String, episode: String, change: Int) -> String {
        id("ntc_", of: ["notice", receiver, episode, "\(change)"])
    }

    /// The word that an episode goes on, as one receiver hears it.
    package static func reminder(receiver: String, episode: String, at moment: Timestamp) -> String {
        id("ntc_", of: ["reminder", receiver, episode, "\(moment.microseconds)"])
    }

    /// One message to a receiver about several alerts.
    package static func bundle(receiver: String, of items: [String]) -> String {
        id("ntc_", of: ["bundle", receiver] + items)
    }

    /// Somebody's silence, by what it says and when.
    package static func silence(by: String, why: String, at moment: Timestamp) -> String {
        id("sil_", of: ["silence", by, why, "\(moment.microseconds)"])
    }

    /// What a rule says, in few digits: by it a changed rule is known.
    package static func digest(of parts: [String]) -> String { String(id("", of: parts).prefix(12)) }
    /// Something that a day to come brings.
    package static func agenda(_ parts: [String]) -> String { id("day_", of: parts) }
    /// A configuration, by what it is made of.
    package static func configuration(_ parts: [String]) -> String { id("cfg_", of: parts) }

    /// The prefix and 16 bytes, hex, of SHA-256 over the parts, each preceded by its length so that no two lists of
    /// parts spell the same bytes. Letters, digits and `_` only: a webhook's id must not hold a full stop.
    private static func id(_ prefix: String, of parts: [String]) -> String {
        var hash = SHA256()
        for part in parts { hash.update(data: Array("\(part.utf8.count):\(part)".utf8)) }
        return prefix + hash.finalize().prefix(16).hex
    }
}
