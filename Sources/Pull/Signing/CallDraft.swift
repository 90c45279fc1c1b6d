import Curl
import HTTPTypes

/// A call to a platform while it is put together: what is asked, and then what shows who asks.
struct CallDraft: Sendable {
    var isPost: Bool
    /// Without its query, but for what a platform wrote itself.
    var url: String
    /// Behind the platform's address.
    var path: String
    var query: [(name: String, value: String)] = []
    var form: [(name: String, value: String)] = []
    var json: JSONText?
    var headers: [(name: String, value: String)] = []

    init(isPost: Bool, url: String, path: String) { (self.isPost, self.url, self.path) = (isPost, url, path) }

    /// With its query.
    var address: String {
        let text = CallDraft.encoded(query)
        return text.isEmpty ? url : url + (url.contains("?") ? "&" : "?") + text
    }

    /// nil where the address cannot be asked.
    var request: Request? {
        var fields: HTTPFields = [.accept: "application/json"]
        for header in headers {
            if let name = HTTPField.Name(header.name) { fields[name] = header.value }
        }
        var body: String?
        if isPost {
            if let json {
                fields[.contentType] = "application/json"
                body = json.text
            } else {
                fields[.contentType] = "application/x-www-form-urlencoded"
                body = CallDraft.encoded(form)
            }
        }
        var limits = Limits.standard
        limits.redirects = .sameOrigin
        return Request(
            method: isPost ? .post : .get, url: address, headers: fields, body: body.map { Array($0.utf8) },
            limits: limits)
    }

    private static func encoded(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(PercentEncoding.strict($0.name))=\(PercentEncoding.strict($0.value))" }.joined(separator: "&")
    }
}
