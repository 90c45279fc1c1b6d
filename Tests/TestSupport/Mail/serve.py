"""A mail server on loopback that keeps what it is sent, and refuses what the test says.

FOLDER holds the certificate (cert.pem, cert.key), and takes mails (1.eml and so on) and their envelopes (envelopes.jsonl).
A file answer.N in it is the answer to the N-th message. MODE is starttls, tls or plain; the first two want a password.
"""
import asyncio, json, os, ssl
from aiosmtpd.smtp import SMTP, AuthResult

folder, mode = os.environ["FOLDER"], os.environ["MODE"]


class Keeper:
    messages, kept, asked = 0, 0, {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked[address] = self.asked.get(address, 0) + 1
        if address.startswith("nobody@"):
            return "550 no such user"
        if address.startswith("later@") or address.startswith("once@") and self.asked[address] == 1:
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.messages += 1
        answer = folder + "/answer.%d" % self.messages
        if os.path.exists(answer):
            return open(answer).read().strip()
        self.kept += 1
        with open(folder + "/%d.eml" % self.kept, "wb") as file:
            file.write(envelope.original_content)
        login = session.auth_data.login.decode() if session.auth_data else None
        said = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None or mode == "tls",
                "login": login, "helo": session.host_name}
        with open(folder + "/envelopes.jsonl", "a") as file:
            file.write(json.dumps(said) + "\n")
        return "250 OK"


def login(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"robot" and data.password == b"made-up", handled=False, auth_data=data)


async def serve():
    context = None
    if mode != "plain":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder + "/cert.pem", folder + "/cert.key")
    keeper = Keeper()

    def protocol():
        common = dict(decode_data=False, hostname="mail.localhost")
        if mode == "plain":
            return SMTP(keeper, **common)
        # With the default it would believe that a refused password was answered already.
        return SMTP(keeper, tls_context=context if mode == "starttls" else None, require_starttls=mode == "starttls",
                    authenticator=login, auth_required=True, auth_require_tls=mode == "starttls",
                    auth_exclude_mechanism=["LOGIN"], **common)

    server = await asyncio.get_running_loop().create_server(
        protocol, "127.0.0.1", 0, ssl=context if mode == "tls" else None)
    print("Listening on %d" % server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
