"""Probes heard at a broker of either kind, until told to stop."""

import asyncio

from catflap_host.ingest.broker import Broker
from catflap_host.ingest.intake import Intake
from catflap_host.ingest.mqtt_intake import MqttIntake
from catflap_host.ingest.nats_intake import NatsIntake


async def hear(broker: Broker, intake: Intake, stopped: asyncio.Event) -> None:
    """Take what comes by a broker until `stopped` is set, whatever becomes of the broker; prints its address once it is heard."""

    def say_heard() -> None:
        print(f"{broker.protocol} {','.join(f'{host}:{port}' for host, port in broker.places)}", flush=True)

    kind = MqttIntake if broker.protocol == "mqtt" else NatsIntake
    await kind(broker, intake, say_heard).run_until(stopped)
