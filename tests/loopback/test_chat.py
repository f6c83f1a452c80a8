"""People in a room, over real sockets: everybody gets everything once and in one order, whichever
protocol they speak."""

import unittest

from chat import new_id
from harness import LoopbackTest
from websocket import Closed


class TwoProtocols(LoopbackTest):
    def room_with_three(self, url=None):
        server = self.server(url)
        ada = self.joined(server, "Ada")
        grace = self.joined(server, "Grace")
        linus = self.go_client(server, "Linus")
        # It is in the room once it gets what others say; nothing else announces it.
        ada.say("Is Linus there?")
        linus.wait_for(("Ada", "Is Linus there?"))
        return server, ada, grace, linus

    def check_conversation(self, url=None):
        server, ada, grace, linus = self.room_with_three(url)
        server.secret("Good evening, everybody.")  # What people say is none of the log's business.
        linus.say("Good evening, everybody.")
        ada.wait_text("Good evening, everybody.")
        grace.say("Guten Abend! 晚上好 \U0001f511")
        linus.wait_for(("Grace", "Guten Abend! 晚上好 \U0001f511"))
        ada.wait_position(3)
        grace.wait_position(3)
        self.assertEqual(ada.logs["general"].entries, grace.logs["general"].entries)
        names = [entry["from"] for entry in ada.logs["general"].entries]
        self.assertEqual(names, ["Ada", "~Linus", "Grace"])
        # Its own line is not sent back: its client has printed it. The last line above came later.
        self.assertEqual(linus.lines, [("Ada", "Is Linus there?"), ("Grace", "Guten Abend! 晚上好 \U0001f511")])

    def test_all_see_one_log_on_sqlite(self):
        self.check_conversation()

    def test_all_see_one_log_on_postgresql(self):
        self.check_conversation(self.postgres_url())

    def test_two_go_clients_see_each_other_and_not_themselves(self):
        server = self.server()
        linus, ken = self.go_client(server, "Linus"), self.go_client(server, "Ken")
        linus.say("one")
        ken.wait_for(("Linus", "one"))
        ken.say("two")
        linus.wait_for(("Ken", "two"))
        linus.say("three")
        ken.wait_for(("Linus", "three"))
        self.assertEqual(linus.lines, [("Ken", "two")])
        self.assertEqual(ken.lines, [("Linus", "one"), ("Linus", "three")])

    def test_two_go_clients_of_one_name_see_each_other(self):
        server = self.server()
        one, other = self.go_client(server, "Anonymous1"), self.go_client(server, "Anonymous1")
        one.say("from one")
        other.wait_for(("Anonymous1", "from one"))
        other.say("from the other")
        one.wait_for(("Anonymous1", "from the other"))
        self.assertEqual(one.lines, [("Anonymous1", "from the other")])

    def test_a_go_client_gets_the_whole_history_in_pages(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        texts = [f"line {number}" for number in range(1, 1201)]
        for start in range(0, len(texts), 40):
            ids = [new_id() for _ in texts[start:start + 40]]
            ada.send_all({"type": "post", "room": "general", "id": id, "text": text}
                         for id, text in zip(ids, texts[start:]))
            for id in ids:
                ada.receipt(id)
        linus = self.go_client(server, "Linus")
        linus.wait_for(("Ada", texts[-1]))
        self.assertEqual(linus.lines, [("Ada", text) for text in texts])
        ada.say("live")
        linus.wait_for(("Ada", "live"))

    def test_a_v1_client_pages_back_through_the_whole_history(self):
        server = self.server(self.postgres_url())
        ada = self.joined(server, "Ada")
        for number in range(1, 131):
            ada.post(f"line {number}")
        ada.wait_position(130)
        grace = self.client(server, "Grace")
        log = grace.join()
        self.assertEqual([entry["seq"] for entry in log.entries], list(range(81, 131)))
        found, before, more = list(log.entries), 81, True
        while more:
            page = grace.history(before=before, limit=40)
            found[:0] = page["entries"]
            before, more = page["entries"][0]["seq"], page["more"]
        self.assertEqual(found, ada.logs["general"].entries)
        forwards = grace.history(after=0, limit=1000)  # Clamped to a page, which holds them all.
        self.assertEqual((forwards["entries"], forwards["more"]), (found, False))


class Ids(LoopbackTest):
    def check_ids(self, url=None):
        server = self.server(url)
        ada, grace = self.joined(server, "Ada"), self.joined(server, "Grace")
        mine = ada.say("Ada's", id="same-id")
        theirs = grace.say("Grace's", id="same-id")
        self.assertEqual((mine["seq"], theirs["seq"]), (1, 2))
        self.assertFalse(mine["duplicate"] or theirs["duplicate"])
        # Repeated: the receipt that it had, and no second entry.
        again = ada.ask({"type": "post", "room": "general", "id": "same-id", "text": "Ada's"})
        self.assertEqual((again["type"], again["seq"], again["at"], again["duplicate"]), ("posted", 1, mine["at"], True))
        # Another text under the id will never be stored.
        conflict = ada.ask({"type": "post", "room": "general", "id": "same-id", "text": "changed"})
        self.assertEqual((conflict["type"], conflict["code"], conflict["id"]), ("error", "id_conflict", "same-id"))
        self.assertNotIn("retry_after_ms", conflict)
        # In another room the id is free.
        ada.join("workshop")
        self.assertEqual(ada.say("elsewhere", room="workshop", id="same-id")["seq"], 1)
        ada.say("the end")
        grace.wait_position(3)
        self.assertEqual(grace.logs["general"].texts(), ["Ada's", "Grace's", "the end"])
        self.assert_same_log(grace.logs["general"], self.stored(server.settings["DATABASE_URL"]))

    def test_ids_are_an_authors_own_on_sqlite(self):
        self.check_ids()

    def test_ids_are_an_authors_own_on_postgresql(self):
        self.check_ids(self.postgres_url())

    def test_a_repetition_after_restarts_gets_the_first_receipt(self):
        server = self.server()
        ada = self.joined(server, "Ada")
        first = ada.say("once", id="kept")
        server.restart()
        ada.reconnect()
        again = ada.ask({"type": "post", "room": "general", "id": "kept", "text": "once"})
        self.assertEqual((again["seq"], again["at"], again["duplicate"]), (first["seq"], first["at"], True))
        self.assertEqual(len(self.stored(server.settings["DATABASE_URL"])), 1)


class Tabs(LoopbackTest):
    def test_eight_connections_of_one_author_and_not_nine(self):
        server = self.server()
        watcher = self.joined(server, "Watcher")
        first = self.joined(server, "Ada")
        tabs = [first] + [self.joined(server, None, token=first.token) for _ in range(7)]
        with self.assertRaises(Closed) as end:
            self.client(server, None, token=first.token)
        self.assertEqual(end.exception.code, 4502)
        # Authors are counted, not connections.
        told = watcher.wait_signal(lambda s: s["type"] == "presence", "presence of Ada")
        self.assertEqual((told["joined"], told["left"], told["members"]), (["Ada"], [], 2))
        who = watcher.ask({"type": "who", "room": "general"})
        self.assertEqual((sorted(who["names"]), who["members"]), (["Ada", "Watcher"], 2))
        # Each tab sees what any of them says, once.
        for number, tab in enumerate(tabs):
            tab.say(f"tab {number}")
        for tab in tabs:
            self.assertEqual(tab.wait_position(8).texts(), [f"tab {number}" for number in range(8)])
        # One closes: the author stays. The next may come.
        for tab in tabs[1:]:
            tab.close()
        again = self.joined(server, None, token=first.token)
        self.assertEqual(again.author, first.author)
        first.close()
        again.close()
        gone = watcher.wait_signal(lambda s: s["type"] == "presence", "Ada's leaving")
        self.assertEqual((gone["joined"], gone["left"], gone["members"]), ([], ["Ada"], 1))

    def test_signals_go_to_others_only(self):
        server = self.server()
        ada, grace = self.joined(server, "Ada"), self.joined(server, "Grace")
        ada.send({"type": "typing", "room": "general"})
        typing = grace.wait_signal(lambda s: s["type"] == "typing", "typing")
        self.assertEqual((typing["room"], typing["from"]), ("general", "Ada"))
        ada.barrier()
        self.assertFalse([s for s in ada.signals if s["type"] == "typing"])
        self.assertFalse([s for s in ada.signals if s["type"] == "presence" and "Ada" in s["joined"]])

    def test_after_left_no_frame_of_the_room_comes(self):
        server = self.server()
        ada, grace = self.joined(server, "Ada"), self.joined(server, "Grace")
        self.assertEqual(grace.ask({"type": "leave", "room": "general"})["type"], "left")
        ada.say("not for Grace")
        grace.barrier()
        self.assertEqual(grace.logs["general"].entries, [])
        rooms = grace.ask({"type": "rooms", "prefix": "gen"})["rooms"]
        self.assertEqual([(room["name"], room["head"]) for room in rooms], [("general", 1)])

    def test_a_taken_name_is_refused_and_another_is_not(self):
        server = self.server()
        self.client(server, "Ada")
        other = self.client(server, None, hello=False)
        refused = other.ask({"type": "hello", "name": "ADA"})
        self.assertEqual((refused["type"], refused["code"]), ("error", "name_taken"))
        self.assertEqual(other.hello("Ada2")["user"]["name"], "Ada2")


if __name__ == "__main__":
    unittest.main()
