"""A mail server for tests: prints its port, then each mail that it takes, as a line of JSON.

With `--login`, it takes mails only from who logs in so; with `--tls` or `--starttls`, by TLS only.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        told = {
            "to": envelope.rcpt_tos,
            "from": envelope.mail_from,
            "headers": {name.lower(): str(value) for name, value in mail.items()},
            "text": mail.get_body(("plain",)).get_content(),
            "html": mail.get_body(("html",)).get_content(),
        }
        print(json.dumps(told), flush=True)
        return "250 Taken"


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--login", nargs=2, metavar=("NAME", "PASSWORD"))
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    way.add_argument("--starttls", nargs=2, metavar=("CERT", "KEY"))
    return parser.parse_args()


def context(files):
    if files is None:
        return None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*files)
    return made


async def main():
    given = options()

    def known(server, session, envelope, mechanism, login):
        name, password = (text.encode() for text in given.login)
        return AuthResult(success=(login.login, login.password) == (name, password))

    def smtp():
        return SMTP(
            Handler(),
            authenticator=known,
            auth_required=given.login is not None,
            # The way to it is this machine's own.
            auth_require_tls=False,
            tls_context=context(given.starttls),
            require_starttls=given.starttls is not None,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(smtp, "127.0.0.1", 0, ssl=context(given.tls))
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(main())
