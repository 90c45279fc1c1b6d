import Crypto
import Facts
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore

/// What a template fills in. A value that is not there is `false`: a name that is missing altogether is looked for farther out.
typealias View = [String: Any]

/// The templates, styles and scripts that were built in.
enum Templates {
    static let library: MustacheLibrary = {
        var library = MustacheLibrary()
        for file in BuiltInTemplates.texts where file.name.hasSuffix(".mustache") {
            let name = String(file.name.dropLast(".mustache".count))
            do { try library.register(file.text, named: name) } catch { preconditionFailure("\(name): \(error)") }
        }
        return library
    }()

    /// What is neither page nor answer, by its path: a name that changes with what it holds, so that it is kept for ever.
    static let assets: [String: (type: String, bytes: ByteBuffer)] = {
        var assets: [String: (type: String, bytes: ByteBuffer)] = [:]
        for file in BuiltInTemplates.texts where !file.name.hasSuffix(".mustache") {
            let type = file.name.hasSuffix(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8"
            assets[path(of: file.name)] = (type, ByteBuffer(string: file.text))
        }
        return assets
    }()

    static let style = path(of: "style.css")
    static let script = path(of: "script.js")

    private static func path(of name: String) -> String {
        let text = BuiltInTemplates.texts.first { $0.name == name }?.text ?? ""
        return "/assets/\(SHA256.hash(data: Array(text.utf8)).prefix(6).hex)-\(name)"
    }

    static func render(_ name: String, _ view: View) -> String {
        library.render(view, withTemplate: name) ?? ""
    }
}
