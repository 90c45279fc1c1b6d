/// A text as robots of DingTalk and WeCom take it.
enum PlainBody {
    static func bytes(_ text: String) -> [UInt8] {
        var json = JSONWriter(reserving: text.utf8.count + 64)
        json.object { json in
            json.member("msgtype", string: "text")
            json.member("text") { $0.object { $0.member("content", string: text) } }
        }
        return json.bytes
    }
}
