"""Event Streams: read with CloudEvents' own library, signed as Twilio's library expects."""

import json
import unittest
from datetime import datetime

from cloudevents.core.bindings.http import HTTPMessage, from_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from twilio.request_validator import RequestValidator

from simulator import AUTH_TOKEN, CUSTOMER, MAIN_LINE, Receiver, Simulator, eventually

TYPES = ("inbound-message.received", "message.sent", "message.delivered")


class EventsTest(unittest.TestCase):
    def setUp(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)
        self.simulator = Simulator()
        self.addCleanup(self.simulator.stop)

    def subscribe(self, batch):
        events = self.simulator.client().events.v1
        sink = events.sinks.create(
            description="Loquent",
            sink_type="webhook",
            sink_configuration={
                "destination": f"{self.receiver.base_url}/twilio/events",
                "method": "POST",
                "batch_events": batch,
            },
        )
        types = [{"type": f"com.twilio.messaging.{name}"} for name in TYPES]
        events.subscriptions.create(description="Loquent", sink_sid=sink.sid, types=types)

    def text_in(self, number):
        text = {"from": CUSTOMER, "to": MAIN_LINE, "body": str(number)}
        self.simulator.control("POST", "customer-messages", text)

    def read(self):
        """The batches, each checked against its signature, and each event by CloudEvents' rules."""
        validator = RequestValidator(AUTH_TOKEN)
        batches = []
        for path, headers, body in self.receiver.requests:
            signature = headers["X-Twilio-Signature"]
            url = f"{self.receiver.base_url}{path}"
            self.assertTrue(validator.validate(url, body, signature))
            self.assertFalse(validator.validate(url, body.replace("+1", "+2"), signature))
            batch = []
            for event in json.loads(body):
                message = HTTPMessage(
                    {"content-type": "application/cloudevents+json"}, json.dumps(event).encode()
                )
                batch.append(from_structured(message, JSONFormat(), CloudEvent))
            batches.append(batch)
        return batches

    def test_every_event_is_a_cloud_event(self):
        self.subscribe(batch=False)
        self.text_in(1)
        self.simulator.client().messages.create(to=CUSTOMER, from_=MAIN_LINE, body="Grüße 😀")
        self.simulator.settle()
        batches = self.read()
        self.assertEqual([len(batch) for batch in batches], [1, 1, 1])
        events = [event for batch in batches for event in batch]
        names = {f"com.twilio.messaging.{name}" for name in TYPES}
        self.assertEqual({event.get_type() for event in events}, names)
        self.assertEqual(len({event.get_id() for event in events}), 3)
        for event in events:
            self.assertEqual(event.get_specversion(), "1.0")
            self.assertEqual(event.get_datacontenttype(), "application/json")
            self.assertTrue(event.get_dataschema().startswith("https://events-schemas.twilio.com/"))
            self.assertIn(event.get_data()["messageSid"], event.get_source())
            self.assertIsInstance(event.get_time(), datetime)
            again = JSONFormat().read(CloudEvent, JSONFormat().write(event))
            self.assertEqual(again.get_data(), event.get_data())

    # S9
    def test_events_that_follow_each_other_come_in_one_batch(self):
        self.simulator.control("PUT", "timing", {"batch_wait_ms": 2_000})
        self.subscribe(batch=True)
        for number in range(3):
            self.text_in(number)
        self.simulator.settle()
        (batch,) = self.read()
        self.assertEqual([event.get_data()["body"] for event in batch], ["0", "1", "2"])

    def test_what_waits_goes_out_in_batches_of_a_hundred_at_most(self):
        self.simulator.control("PUT", "timing", {"delivery_paused": True, "batch_wait_ms": 0})
        self.subscribe(batch=True)
        for number in range(120):
            self.text_in(number)
        self.simulator.control("PUT", "timing", {"delivery_paused": False})
        eventually("all is delivered", lambda: sum(map(len, self.read())) == 120)
        self.assertEqual(max(map(len, self.read())), 100)


if __name__ == "__main__":
    unittest.main()
