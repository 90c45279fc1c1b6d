package import Alerts
package import Facts

/// What a receiver is told of something that will end: a consent, a secret. Members are added, never renamed.
package struct ExpiryBody: Sendable {
    package var receiver: String
    /// `consent`, `certificate`, `ca_file`, or the credential as the platform calls it.
    package var name: String
    package var account: String?
    package var stores: [String]
    /// Of a certificate: the host that shows it, or the file in which it stands.
    package var place: String?
    package var ends: Timestamp
    /// 30, 14, 3, or 0 when it is over.
    package var stage: Int
    package var title: Words
    package var when: Words
    package var remedy: Words

    package init(
        receiver: String, name: String, account: String?, stores: [String], place: String? = nil, ends: Timestamp,
        stage: Int, title: Words, when: Words, remedy: Words
    ) {
        (self.receiver, self.name, self.account, self.stores, self.place) = (receiver, name, account, stores, place)
        (self.ends, self.stage, self.title, self.when, self.remedy) = (ends, stage, title, when, remedy)
    }

    /// What is owed for it: the same however often it is made, so that each receiver hears of each stage once.
    package func notice(at now: Timestamp, in writing: ReceiverWriting) -> Notice {
        Notice(
            id: ContentID.notice(receiver: receiver, episode: episode, change: stage), receiver: receiver, key: key,
            episode: episode, change: stage, madeAt: now, body: writing.bytes(of: self, at: now))
    }

    // What has a place is known by that: stores come and go.
    var episode: String {
        "expiry \(name) \(place ?? "\(account ?? "") \(stores.first ?? "")") \(ends.microseconds)"
    }

    // No rule's id holds a colon.
    var key: AlertKey { AlertKey(store: stores.first ?? "", rule: "expiry:" + name) }

    /// As webhooks get it.
    func json(at now: Timestamp) -> [UInt8] {
        var json = JSONWriter(reserving: 1024)
        json.object { json in
            json.member("type", string: "expiry")
            json.member("timestamp", string: "\(now)")
            json.member("data") { json in
                json.object { json in
                    json.member("receiver", string: receiver)
                    json.member("name", string: name)
                    json.member("account", string: account)
                    json.member("place", string: place)
                    json.member("stores") { json in
                        json.array { json in for store in stores { json.element { $0.string(store) } } }
                    }
                    json.member("ends", string: "\(ends)")
                    json.member("stage", literal: "\(stage)")
                    for (member, words) in [("title", title), ("when", when), ("remedy", remedy)] {
                        json.member(member) { json in
                            json.object { json in
                                json.member("en", string: words.en)
                                json.member("zh", string: words.zh)
                            }
                        }
                    }
                }
            }
        }
        return json.bytes
    }
}
