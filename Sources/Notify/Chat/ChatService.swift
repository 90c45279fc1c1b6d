import Curl
import Facts
import HTTPTypes

/// A service on which people read: how a message is written for it, sent, and what its answers mean.
///
/// A status of 200 says nothing there: each has a sign of its own that it took a message.
protocol ChatService: Sendable {
    /// The least time from one message to the next.
    var pace: TimeSpan { get }
    /// Of the words of a message, in bytes: with markup, and what may be put before them, it fits.
    var most: Int { get }
    /// Where in a body the words stand to which is added how late they are sent.
    var words: [String] { get }

    /// The message in the service's form, as it is kept until it is taken. No secret is in it, and nothing that is made anew
    /// for each attempt.
    func body(of message: Message) -> [UInt8]

    /// What is sent of a kept body.
    func call(_ receiver: Receiver, _ body: [UInt8], at now: Timestamp) -> ChatCall

    /// What an answer with a status of 2xx means.
    func verdict(on reply: Reply) -> ChatVerdict

    /// What an answer with another status means, where its body says more than the status; nil: it does not.
    func refusal(_ reply: Reply) -> ChatVerdict?

    /// The message is too long for it: a shorter one may be taken.
    func isTooLarge(_ reply: Reply) -> Bool
}

extension ChatService {
    func refusal(_ reply: Reply) -> ChatVerdict? { nil }
    func isTooLarge(_ reply: Reply) -> Bool { reply.status.code == 413 }
}

/// A request of a chat service.
struct ChatCall: Sendable {
    var url: String
    var headers: HTTPFields = [:]
    var body: [UInt8]
}

/// What a service made of a message.
enum ChatVerdict: Sendable, Hashable {
    /// What it said beside its status; it may be nothing.
    case taken(String = "")
    /// - Parameters:
    ///   - advice: what somebody has to mend; nil: it may pass by itself.
    ///   - wait: how long it asks to wait.
    case refused(String, advice: String?, wait: TimeSpan?)

    static func passing(_ words: String, wait: TimeSpan? = nil) -> ChatVerdict {
        .refused(words, advice: nil, wait: wait)
    }
    static func needsMending(_ words: String, _ advice: String) -> ChatVerdict {
        .refused(words, advice: advice, wait: nil)
    }
}

/// The answer of a service, as far as it is JSON.
struct ChatAnswer {
    private let document: JSONDocument?

    init(_ reply: Reply) {
        document = reply.body.withUnsafeBytes { bytes in
            let opened = Result { () throws(JSONDocument.Fault) in try JSONDocument(bytes) }
            return try? opened.get()
        }
    }

    func text(_ path: String...) -> String? { document?.root[path]?.text }
    func number(_ path: String...) -> Int? { document?.root[path]?.text.flatMap { Int($0) } }
    /// A member by which the service says that it took a message, as words.
    func said(_ name: String, at path: String...) -> String { document?.root[path]?.text.map { "\(name) \($0)" } ?? "" }
}

extension String {
    /// With what a service would take for the mention of a person, or of all, made into plain text.
    var withoutMentions: String { replacing("@", with: "@\u{200B}") }
}

extension Array<UInt8> {
    /// An object with members of this moment before those that were kept.
    func with(_ members: [(name: String, value: String)]) -> [UInt8] {
        var bytes = [UInt8(ascii: "{")]
        for (name, value) in members {
            bytes.append(jsonString: name)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(jsonString: value)
            bytes.append(UInt8(ascii: ","))
        }
        return bytes + dropFirst()
    }
}
