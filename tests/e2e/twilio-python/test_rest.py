"""Twilio's own Python library against the simulator's REST API."""

import unittest
from datetime import date, datetime, timedelta, timezone

from twilio.base.exceptions import TwilioException, TwilioRestException

from simulator import ACCOUNT_SID, CUSTOMER, MAIN_LINE, Simulator

SUB_ACCOUNT = "AC000000000000000000000000000000bb"
DAY = datetime(2024, 3, 5, tzinfo=timezone.utc)


class RestTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator()
        cls.client = cls.simulator.client()

    @classmethod
    def tearDownClass(cls):
        cls.simulator.stop()

    def setUp(self):
        self.simulator.control("POST", "reset")
        self.simulator.control("PUT", "timing", {"sent_after_ms": 0, "delivered_after_ms": 0})
        self.simulator.add_number(MAIN_LINE)

    def text_in(self, times, media=()):
        """Texts of a customer at these times, named by them."""
        rows = [
            {
                "account_sid": ACCOUNT_SID,
                "direction": "inbound",
                "from": CUSTOMER,
                "to": MAIN_LINE,
                "body": time.isoformat(),
                "status": "received",
                "date_created": time.isoformat(),
                "media_urls": list(media),
            }
            for time in times
        ]
        self.simulator.control("POST", "messages", rows)

    def send(self, body):
        sent = self.client.messages.create(to=CUSTOMER, from_=MAIN_LINE, body=body)
        self.simulator.settle()
        return sent

    def refused(self, code, action):
        with self.assertRaises(TwilioRestException) as caught:
            action()
        self.assertEqual(caught.exception.code, code)

    # S1
    def test_accounts_are_listed_with_their_sub_accounts_by_name_and_status(self):
        accounts = self.client.api.v2010.accounts
        self.assertEqual([one.sid for one in accounts.list()], [ACCOUNT_SID])
        sub = {"sid": SUB_ACCOUNT, "auth_token": "t", "friendly_name": "North"}
        sub.update(owner_sid=ACCOUNT_SID, status="suspended")
        self.simulator.control("POST", "accounts", sub)
        listed = {one.sid: one.owner_account_sid for one in accounts.list(page_size=1)}
        self.assertEqual(listed, {ACCOUNT_SID: ACCOUNT_SID, SUB_ACCOUNT: ACCOUNT_SID})
        self.assertEqual([one.sid for one in accounts.list(friendly_name="North")], [SUB_ACCOUNT])
        self.assertEqual([one.sid for one in accounts.list(status="active")], [ACCOUNT_SID])

    # S2
    def test_an_account_names_everything_below_it(self):
        account = self.client.api.v2010.accounts(ACCOUNT_SID).fetch()
        links = account.subresource_uris
        self.assertEqual(len(links), 20)
        for name in ("messages", "incoming_phone_numbers", "available_phone_numbers", "balance"):
            uri = f"https://api.twilio.com{links[name]}"
            answer = self.client.request("GET", uri)
            self.assertEqual(answer.status_code, 200, name)

    # S3
    def test_a_day_finds_every_message_of_it_and_no_other(self):
        self.text_in(DAY + timedelta(hours=hour) for hour in range(-2, 27))
        listed = self.client.messages.list(date_sent=date(2024, 3, 5), page_size=10)
        hours = sorted(one.date_sent for one in listed)
        self.assertEqual(hours, [DAY + timedelta(hours=hour) for hour in range(24)])
        after = self.client.messages.list(date_sent_after=date(2024, 3, 5))
        self.assertEqual(len(after), 27)
        before = self.client.messages.list(date_sent_before=DAY - timedelta(seconds=1))
        self.assertEqual(len(before), 2)
        within = self.client.messages.list(
            date_sent_after=DAY + timedelta(hours=3), date_sent_before=DAY + timedelta(hours=5)
        )
        self.assertEqual(len(within), 3)

    # S4
    def test_dates_are_read_in_every_format_of_twilios_examples(self):
        self.text_in([datetime(2019, 6, day, 22, 5, 25, tzinfo=timezone.utc) for day in (11, 20)])
        for given in (
            "2019-06-12",
            "2019-06-12T01:02:03Z",
            "2019-06-12T01:02:03.000-0800",
            "2019-06-12 22:05:25.000",
            "Wed, 19 Jun 2019 22:04:00 -0000",
            "06/11/2019 22:05:25 MST",
        ):
            listed = self.client.messages.list(date_sent_after=given)
            self.assertEqual([one.date_sent.day for one in listed], [20], given)
        with self.assertRaisesRegex(TwilioException, "20001"):
            self.client.messages.list(date_sent_after="yesterday")

    # S5
    def test_files_are_filtered_by_their_date(self):
        self.text_in([DAY], media=["https://example.com/a.jpg", "https://example.com/b.jpg"])
        media = self.client.messages(self.client.messages.list()[0].sid).media
        self.assertEqual(len(media.list(date_created=DAY.date())), 2)
        self.assertEqual(len(media.list(date_created=date(2024, 3, 6))), 0)
        self.assertEqual(len(media.list(date_created_after=date(2024, 3, 6))), 0)
        self.assertEqual(len(media.list(date_created_before=date(2024, 3, 4))), 0)
        self.assertEqual(len(media.list(date_created_before=date(2024, 3, 6))), 2)

    # S6
    def test_a_rotated_token_leaves_name_and_status(self):
        account = {"sid": SUB_ACCOUNT, "auth_token": "old"}
        more = {"friendly_name": "North", "type": "Trial"}
        self.simulator.control("POST", "accounts", {**account, **more})
        self.simulator.control("POST", "accounts", {**account, "auth_token": "new"})
        client = self.simulator.client(SUB_ACCOUNT, "new")
        fetched = client.api.v2010.accounts(SUB_ACCOUNT).fetch()
        self.assertEqual((fetched.friendly_name, fetched.type), ("North", "Trial"))
        self.assertEqual(fetched.auth_token, "new")

    # S7
    def test_numbers_are_listed_and_bought_by_kind(self):
        numbers = self.client.incoming_phone_numbers
        bought = numbers.toll_free.create(phone_number="+18335550142")
        self.assertEqual([one.sid for one in numbers.toll_free.list()], [bought.sid])
        self.assertEqual([one.phone_number for one in numbers.local.list()], [MAIN_LINE])
        self.assertEqual(numbers.mobile.list(), [])
        self.assertEqual(len(numbers.list()), 2)
        self.refused(21422, lambda: numbers.local.create(phone_number="+18335550143"))
        self.assertEqual(numbers.mobile.create(phone_number="+447700900123").friendly_name, "+447700900123")

    def test_the_balance_falls_with_each_message(self):
        before = self.client.balance.fetch()
        self.assertEqual((before.account_sid, before.currency), (ACCOUNT_SID, "USD"))
        self.send("Hello")
        after = self.client.balance.fetch()
        self.assertAlmostEqual(float(before.balance) - float(after.balance), 0.0079)

    def test_a_messaging_service_is_fetched(self):
        service = {"account_sid": ACCOUNT_SID, "phone_numbers": [MAIN_LINE]}
        sid = self.simulator.control("POST", "messaging-services", service)["sid"]
        fetched = self.client.messaging.v1.services(sid).fetch()
        self.assertEqual((fetched.sid, fetched.account_sid), (sid, ACCOUNT_SID))
        self.assertIsInstance(fetched.date_created, datetime)
        self.assertTrue(fetched.use_inbound_webhook_on_number)
        self.refused(20404, self.client.messaging.v1.services("MG" + 32 * "0").fetch)

    def test_a_text_is_redacted(self):
        message = self.client.messages(self.send("A secret").sid)
        self.assertEqual(message.update(body="").body, "")
        self.assertEqual(message.fetch().body, "")
        self.refused(20001, lambda: message.update(body="Another text"))

    def test_a_message_is_deleted_and_paging_goes_on_behind_it(self):
        sids = [self.send(str(n)).sid for n in range(4)]
        first = self.client.messages.page(page_size=2)
        self.assertTrue(self.client.messages(sids[2]).delete())
        self.assertEqual([one.body for one in first.next_page()], ["1", "0"])
        self.assertEqual([one.body for one in self.client.messages.list()], ["3", "1", "0"])
        self.refused(20404, self.client.messages(sids[2]).fetch)
        self.refused(20404, self.client.messages(sids[2]).delete)

    def test_a_message_on_its_way_is_neither_redacted_nor_deleted(self):
        self.simulator.control("PUT", "timing", {"sent_after_ms": 60_000})
        sent = self.client.messages.create(to=CUSTOMER, from_=MAIN_LINE, body="Wait")
        self.refused(20009, lambda: self.client.messages(sent.sid).update(body=""))
        self.refused(20009, self.client.messages(sent.sid).delete)

    def test_generated_messages_are_redacted_and_deleted_like_others(self):
        history = {"account_sid": ACCOUNT_SID, "messages": 50, "seed": 7, "null_body_share": 0}
        self.simulator.control("POST", "history", history)
        listed = self.client.messages.list()
        self.assertEqual(self.client.messages(listed[3].sid).update(body="").body, "")
        self.assertTrue(self.client.messages(listed[4].sid).delete())
        again = self.client.messages.list(page_size=7)
        self.assertEqual([one.sid for one in again], [one.sid for one in listed if one is not listed[4]])
        self.assertEqual(again[3].body, "")
        self.refused(20404, self.client.messages(listed[4].sid).fetch)

    # S8
    def test_an_emoji_is_never_split_between_segments(self):
        for text, segments in (("😀" * 35, "1"), ("😀" * 66, "2"), ("😀" * 67, "3"), ("€" * 153, "3")):
            self.assertEqual(self.send(text).num_segments, segments, text)


if __name__ == "__main__":
    unittest.main()
