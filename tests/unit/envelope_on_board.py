"""Runs on MicroPython: `envelope_on_board.py VECTORS` prints each golden batch as the probe builds it, as a JSON string a line."""

# mypy: ignore-errors
# ruff: noqa: PTH123 - MicroPython has no pathlib
import json
import sys
from binascii import unhexlify

from catflap_probe.uplink.envelope import batch, read_answer

with open(sys.argv[1], "rb") as file:
    vectors = json.loads(file.read().decode())
key = unhexlify(vectors["key"])
for vector in vectors["batches"]:
    records = [record.encode() for record in vector["records"]]
    stamps = vector["mono_ms"], vector["wall_ms"]
    body = batch(
        key,
        vector["probe"],
        vector["boot"],
        vector["epoch"],
        vector["first"],
        vector["next"],
        stamps[0],
        stamps[1],
        records,
        vector.get("feed", ""),
    )
    print(json.dumps(body.decode()))
for vector in vectors["answers"]:
    answer = read_answer(key, vector["fields"]["probe"], vector["fields"]["boot"], vector["body"].encode())
    print(json.dumps([answer.ack, answer.error, answer.retry_after_ms, answer.epoch, answer.poll_ms, answer.feed_at, answer.feed]))
