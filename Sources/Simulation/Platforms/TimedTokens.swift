/// Access tokens that die by the clock: each given out is good until its second, others beside it.
enum TimedTokens {
    /// A new token; the last one given is kept under `access_token`, as the platforms call it.
    static func give(_ name: String, for seconds: Int64, _ desk: inout PlatformDesk) -> String {
        let token = desk.newToken(name)
        desk.credentials["access_token"] = token
        desk.credentials[place(token)] = "\(desk.now + seconds)"
        return token
    }

    /// Whether it may be used now. With the fault `.expired` it no longer may, from now on.
    static func admits(_ token: String?, _ fault: PlatformFault?, _ desk: inout PlatformDesk) -> Bool {
        guard let token, let text = desk.credentials[place(token)], let until = Int64(text), desk.now < until else {
            return false
        }
        guard fault == .expired else { return true }
        desk.credentials[place(token)] = nil
        return false
    }

    private static func place(_ token: String) -> String { "until of " + token }

    /// Name and secret of an `Authorization: Basic` header.
    static func basic(_ call: PlatformCall) -> (name: String, secret: String)? {
        guard let header = call.headers["authorization"], header.hasPrefix("Basic "),
            let bytes = Base64.bytes(of: header.dropFirst(6))
        else { return nil }
        let sides = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
        return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
    }

    static func field(_ name: String, _ call: PlatformCall) -> String? {
        call.form.first { $0.name == name }?.value
    }

    static func isForm(_ call: PlatformCall) -> Bool {
        call.headers["content-type"]?.hasPrefix("application/x-www-form-urlencoded") == true
    }
}
