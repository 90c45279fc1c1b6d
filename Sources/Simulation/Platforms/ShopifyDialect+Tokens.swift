/// OAuth in the shop's own address. Tokens that end come in pairs, and a refresh token is good until its pair is used.
extension Shopify {
    static func token(_ call: PlatformCall, _ desk: inout PlatformDesk) -> PlatformReply {
        func sent(_ name: String) -> String? { TimedTokens.field(name, call) }
        guard call.method == "POST", TimedTokens.isForm(call) else { return refusal("invalid_request") }
        guard sent("client_id") == desk.credentials["client_id"],
            sent("client_secret") == desk.credentials["client_secret"]
        else { return refusal("application_cannot_be_found") }
        if sent("grant_type") == "refresh_token" {
            guard let refresh = sent("refresh_token"), refresh == desk.credentials["refresh_token"] else {
                return refusal("invalid_grant")
            }
        } else {
            guard desk.takeCode(sent("code")) else { return refusal("invalid_request") }
            // Without this word the token never ends.
            guard sent("expiring") == "1" else {
                let access = desk.newToken("shpat")
                desk.credentials["access_token"] = access
                desk.credentials["access_token_until"] = nil
                return PlatformReply([
                    "access_token": .string(access), "scope": .string(desk.credentials["scopes"] ?? ""),
                ])
            }
        }
        let (access, refresh) = (desk.newToken("shpat"), desk.newToken("shprt"))
        (desk.credentials["access_token"], desk.credentials["refresh_token"]) = (access, refresh)
        desk.credentials["access_token_until"] = "\(desk.now + 3600)"
        return PlatformReply([
            "access_token": .string(access), "scope": .string(desk.credentials["scopes"] ?? ""), "expires_in": 3600,
            "refresh_token": .string(refresh), "refresh_token_expires_in": 7_776_000,
        ])
    }

    private static func refusal(_ error: String) -> PlatformReply {
        PlatformReply(status: 400, ["error": .string(error)])
    }
}
