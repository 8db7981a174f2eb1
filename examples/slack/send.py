#!/usr/bin/python3
"""Posts what is pending in slack_outbox (messages.sql) to Slack's incoming webhooks.

    apt install python3-psycopg
    SLACK_WEBHOOK_CUSTOMER_SUCCESS=https://hooks.slack.com/services/... send.py --dry-run
    send.py --webhooks /etc/slack-webhooks              one pass, for cron: retries are due in later passes
    send.py --webhooks /etc/slack-webhooks --watch 10   until it is stopped, for systemd

The URL of a channel is in the environment, SLACK_WEBHOOK_ and the channel's name in capitals with _ for anything but
letters and digits, or in a file of lines "channel URL". It is written nowhere else. The database is that of libpq's
variables (PGHOST, PGDATABASE, ...).

Any number of senders may run. A message is claimed in a short transaction by a lease (claimed_until), posted without
any transaction, and then marked sent. A sender that dies after its claim leaves the message to another one, when the
lease is over. Nobody knows then whether it was posted, as after a timeout or an answer that is none: the next attempt may
repeat it, and the log says so. Each message carries its key, in its last line and in the header Idempotency-Key.

429, 5xx and network errors are tried again, after the time that the answer asks for (Retry-After) or a growing one;
the channel's other messages wait as long. Any other answer than 200 "ok" ends it: the state is failed, with the reason.
To try those again:  UPDATE slack_outbox SET state = 'pending', attempts = 0 WHERE state = 'failed'

Exit code: 0 all well, 1 a message failed or its channel has no webhook, 2 wrong arguments, 3 no database.
"""
import argparse
import email.utils
import errno
import http.client
import json
import logging
import os
import re
import signal
import socket
import ssl
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import psycopg
from psycopg.rows import namedtuple_row

FIRST_WAIT, LONGEST_WAIT = 10, 3600  # seconds between attempts, doubled each time
LONGEST_RETRY_AFTER = 24 * 3600

PENDING = """
SELECT account_id, alert, as_of::text, channel, message FROM slack_outbox
WHERE state = 'pending' AND retry_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
ORDER BY attempts, id
"""

# Materialized, so that it runs once: a join might run it again, and claim more than one.
CLAIM = """
WITH next AS MATERIALIZED (
    SELECT id, claimed_until FROM slack_outbox
    WHERE state = 'pending' AND retry_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
          AND channel = ANY (%(channels)s)
    ORDER BY attempts, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE slack_outbox AS o
SET attempts = attempts + 1, claimed_until = now() + make_interval(secs => %(lease)s),
    unclear = unclear OR next.claimed_until IS NOT NULL
FROM next WHERE o.id = next.id
RETURNING o.id, account_id, alert, as_of::text, channel, message, attempts, unclear
"""

# Sent is sent, even if another sender has claimed it since. Other ends are only those of the attempt.
SENT = """
UPDATE slack_outbox SET state = 'sent', sent_at = now(), claimed_until = NULL, reason = NULL
WHERE id = %(id)s AND state <> 'sent'
"""
FAILED = """
UPDATE slack_outbox SET state = 'failed', claimed_until = NULL, reason = %(reason)s
WHERE id = %(id)s AND state = 'pending' AND attempts = %(attempts)s
"""
LATER = """
UPDATE slack_outbox
SET claimed_until = NULL, reason = %(reason)s, unclear = unclear OR %(unclear)s,
    retry_at = now() + make_interval(secs => %(wait)s)
WHERE id = %(id)s AND state = 'pending' AND attempts = %(attempts)s
"""
# Rows that others have in hand are left alone, so that no two senders wait for each other.
CHANNEL_LATER = """
UPDATE slack_outbox SET retry_at = now() + make_interval(secs => %(wait)s)
WHERE id IN (SELECT id FROM slack_outbox
             WHERE channel = %(channel)s AND state = 'pending' AND (claimed_until IS NULL OR claimed_until < now())
                   AND retry_at < now() + make_interval(secs => %(wait)s)
             FOR UPDATE SKIP LOCKED)
"""
RELEASE = """
UPDATE slack_outbox SET claimed_until = NULL WHERE id = %(id)s AND state = 'pending' AND attempts = %(attempts)s
"""

log = logging.getLogger("slack")
stopped = threading.Event()


def key(message):
    parts = (message.account_id, message.alert, message.as_of, message.channel)
    return "/".join(urllib.parse.quote(part, safe="") for part in parts)


# ---------------------------------------------------------------- webhooks


def variable(channel):
    return "SLACK_WEBHOOK_" + re.sub("[^A-Z0-9]", "_", channel.upper())


class Webhooks:
    """The URL of each channel, and texts without it."""

    def __init__(self, file):
        self.urls = {}
        if file:
            with open(file, encoding="utf-8") as lines:
                for line in lines:
                    words = line.split()
                    if words and not words[0].startswith("#"):
                        if len(words) != 2:
                            sys.exit(f"{file}: a line must be a channel and its URL")  # not the line: it is secret
                        self.urls[words[0]] = words[1]

    def url(self, channel):
        url = os.environ.get(variable(channel)) or self.urls.get(channel)
        if not url:
            return None
        parts = urllib.parse.urlsplit(url)
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if not (parts.scheme == "https" or parts.scheme == "http" and local) or not parts.hostname:
            log.error("the webhook of %s must be an https URL", channel)  # the other channels go on
            return None
        return url

    def hide(self, text, url):
        text = "".join(letter if letter.isprintable() else "?" for letter in text)  # one line, and no NUL
        parts = urllib.parse.urlsplit(url)
        for secret in (url, parts.path, parts.path.rsplit("/", 1)[-1], parts.query):
            if len(secret) > 3:
                text = text.replace(secret, "[webhook]")
        return text


# ---------------------------------------------------------------- HTTP


class Deadline(TimeoutError):
    pass


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None  # a POST that is redirected would become a GET


opener = urllib.request.build_opener(NoRedirect)


class Outcome:
    """sent, later (perhaps after what the server asked for) or failed; unclear: it may have come through."""

    def __init__(self, state, reason=None, unclear=False, wait=None):
        self.state, self.reason, self.unclear, self.wait = state, reason, unclear, wait


def retry_after(headers):
    value = (headers.get("Retry-After") or "").strip()
    if re.fullmatch("[0-9]{1,9}", value):
        seconds = int(value)
    else:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 1), LONGEST_RETRY_AFTER)


def not_reached(error):
    """The connection was never made, so nothing was posted."""
    return isinstance(error, (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)) or getattr(
        error, "errno", None
    ) in (errno.EHOSTUNREACH, errno.ENETUNREACH)


def post(url, message, timeout):
    """One attempt, over within the timeout whatever the server does: that of a socket begins anew at each byte."""
    request = urllib.request.Request(
        url,
        data=json.dumps(message.message).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": key(message), "User-Agent": "health-score"},
        method="POST",
    )

    def overdue(*_):
        raise Deadline(f"no answer in {timeout:g} s")

    signal.signal(signal.SIGALRM, overdue)
    try:
        signal.setitimer(signal.ITIMER_REAL, timeout)
        try:
            with opener.open(request, timeout=timeout) as answer:
                status, headers, body = answer.status, answer.headers, answer.read(1000)
        except urllib.error.HTTPError as answer:
            status, headers, body = answer.code, answer.headers, answer.read(1000)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except urllib.error.URLError as error:
        cause = error.reason if isinstance(error.reason, Exception) else error
        return Outcome("later", f"{type(cause).__name__}: {cause}", unclear=not not_reached(cause))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome("later", f"{type(error).__name__}: {error}", unclear=True)

    said = f"{status} {body.decode('utf-8', 'replace').strip()[:200]!r}"
    if status == 200 and body.strip() == b"ok":
        return Outcome("sent")
    if status == 429:
        return Outcome("later", said, wait=retry_after(headers))
    if status in (502, 504):  # a gateway's word: who stands behind it may have taken the message
        return Outcome("later", said, unclear=True, wait=retry_after(headers))
    if status >= 500 or status == 408:
        return Outcome("later", said, wait=retry_after(headers))
    if 200 <= status < 300:  # not Slack's word
        return Outcome("later", said, unclear=True)
    return Outcome("failed", said)


# ---------------------------------------------------------------- the outbox


class Outbox:
    """The database, with a new connection where the last one broke: what is known of a message must get there."""

    def __init__(self, patience):
        self.patience = patience
        self.connection = None

    def run(self, statement, **values):
        """The rows of a statement, or how many it changed, in a short transaction."""
        end = time.monotonic() + self.patience
        wait = 0.1
        while True:
            try:
                if self.connection is None or self.connection.closed:
                    self.connection = psycopg.connect(
                        autocommit=True, row_factory=namedtuple_row, application_name="slack sender"
                    )
                with self.connection.transaction():
                    cursor = self.connection.execute(statement, values)
                    return cursor.fetchall() if cursor.description else cursor.rowcount
            except psycopg.OperationalError as error:
                if self.connection is not None:
                    self.connection.close()
                if time.monotonic() + wait > end:
                    raise
                log.warning("database: %s; once more in %g s", str(error).strip().splitlines()[0], wait)
                time.sleep(wait)
                wait = min(2 * wait, 5)


def send_one(outbox, webhooks, channels, options):
    """Claims a message and sends it: how that ended, or None where there is none."""
    claimed = time.monotonic()
    rows = outbox.run(CLAIM, channels=channels, lease=options.lease)
    if not rows:
        return None
    message = rows[0]
    mine = {"id": message.id, "attempts": message.attempts}
    if time.monotonic() - claimed > options.lease - 2 * options.timeout:
        log.warning("claimed too slowly, left to the next: %s", key(message))
        outbox.run(RELEASE, **mine)
        return "later"
    if message.unclear:
        log.warning("may be a repeat, an earlier attempt had no clear end: %s", key(message))
    url = webhooks.url(message.channel)
    outcome = post(url, message, options.timeout)
    if outcome.state == "sent":
        known = outbox.run(SENT, **mine) == 1
        log.info("sent: %s%s", key(message), "" if known else " (another sender had sent it, too)")
        return "sent"
    reason = webhooks.hide(outcome.reason, url)
    if outcome.state == "later" and message.attempts >= options.attempts and not reason.startswith("429"):
        outcome.state, reason = "failed", f"given up after {message.attempts} attempts: {reason}"
    if outcome.state == "failed":
        outbox.run(FAILED, reason=reason, **mine)
        log.error("failed: %s: %s", key(message), reason)
        return "failed"
    wait = outcome.wait or min(FIRST_WAIT * 2 ** min(message.attempts - 1, 20), LONGEST_WAIT)
    outbox.run(LATER, reason=reason, unclear=outcome.unclear, wait=wait, **mine)
    outbox.run(CHANNEL_LATER, channel=message.channel, wait=wait)
    log.warning("again in %d s: %s: %s", round(wait), key(message), reason)
    return "later"


def send_all(outbox, webhooks, options):
    """What is due now, of the channels that have a webhook. True if all went well."""
    well = True
    channels = []
    for row in outbox.run("SELECT DISTINCT channel FROM slack_outbox WHERE state = 'pending' ORDER BY channel"):
        if webhooks.url(row.channel):
            channels.append(row.channel)
        else:
            well = False
            log.error("no webhook for %s: set %s or give a line of --webhooks", row.channel, variable(row.channel))
    while channels and not stopped.is_set():
        end = send_one(outbox, webhooks, channels, options)
        if end is None:
            break
        well = well and end != "failed"
    return well


def main():
    parser = argparse.ArgumentParser(description="Posts what is pending in slack_outbox to Slack's incoming webhooks.")
    parser.add_argument("--dry-run", action="store_true", help="print what is due as JSON; claim and post nothing")
    parser.add_argument("--watch", type=float, metavar="SECONDS", help="look again every so many seconds until stopped")
    parser.add_argument("--webhooks", metavar="FILE", help='lines "channel URL", for channels that have no variable')
    parser.add_argument("--timeout", type=float, default=10, metavar="SECONDS", help="for one attempt (10)")
    parser.add_argument("--lease", type=float, default=120, metavar="SECONDS", help="how long a claim holds (120)")
    parser.add_argument("--attempts", type=int, default=16, help="without success before a message has failed (16)")
    options = parser.parse_args()
    if options.timeout <= 0 or options.lease < 3 * options.timeout:
        parser.error("--lease must be three times --timeout at least")
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO, stream=sys.stderr)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())  # the message at hand is finished first

    outbox = Outbox(patience=options.lease if not options.dry_run else 0)
    try:
        if options.dry_run:
            for message in outbox.run(PENDING):
                shown = {"key": key(message), "channel": message.channel, **message.message}
                print(json.dumps(shown, ensure_ascii=False))
            return 0
        webhooks = Webhooks(options.webhooks)
        well = send_all(outbox, webhooks, options)
        while options.watch and not stopped.wait(options.watch):
            well = send_all(outbox, webhooks, options)
        return 0 if well else 1
    except psycopg.OperationalError as error:
        log.error("database: %s", error)
        return 3


if __name__ == "__main__":
    sys.exit(main())
