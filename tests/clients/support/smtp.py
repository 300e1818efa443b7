"""A mail server for tests: prints its port, then each mail that it takes, as a line of JSON.

Given a name and a password, it takes mails only from who logs in with them.
"""

import asyncio
import email
import email.policy
import json
import sys

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


def known(server, session, envelope, mechanism, given):
    name, password = (text.encode() for text in sys.argv[1:3])
    return AuthResult(success=(given.login, given.password) == (name, password))


def smtp():
    asked = len(sys.argv) > 1
    return SMTP(
        Handler(),
        authenticator=known,
        auth_required=asked,
        # The way to it is this machine's own.
        auth_require_tls=False,
    )


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(smtp, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(main())
