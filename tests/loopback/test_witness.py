"""The checker of the chaos tests finds what it is there to find: each kind of wrong, in each kind of log."""

import json
import pathlib
import tempfile
import unittest

from witness import Checker

ROWS = [(1, "ada", "a1", "one"), (2, "bob", "b1", "two"), (3, "ada", "a2", "three")]


def seen(seq, rows=None):
    _, author, id, text = (rows or ROWS)[seq - 1]
    return {"what": "seen", "seq": seq, "author": author, "id": id, "text": text}


def said(id):
    return {"what": "said", "id": id, "author": "ada", "text": ""}


def stored(id, seq):
    return {"what": "stored", "id": id, "seq": seq, "author": "ada"}


GOOD = [said("a1"), seen(1), stored("a1", 1), seen(2), said("a2"), stored("a2", 3), seen(3)]


class Judgement(unittest.TestCase):
    def judge(self, lines, rows=None, how="check"):
        """(losses, duplicates, disorders) of one log."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "log")
            path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            checker = Checker(ROWS if rows is None else rows)
            getattr(checker, how)(path)
        return tuple(bool(found) for found in (checker.lost, checker.doubled, checker.disordered))

    def test_a_good_log_is_good(self):
        self.assertEqual(self.judge(GOOD), (False, False, False))

    def test_a_receipt_without_an_entry_is_a_loss(self):
        self.assertTrue(self.judge(GOOD, ROWS[:2])[0])
        self.assertTrue(self.judge([*GOOD, stored("a1", 2)])[0])

    def test_what_was_said_and_is_nowhere_is_a_loss(self):
        self.assertTrue(self.judge([*GOOD, said("a3")])[0])

    def test_an_entry_that_was_shown_with_other_contents_is_a_loss(self):
        self.assertTrue(self.judge([*GOOD[:-1], {**seen(3), "text": "other"}])[0])

    def test_a_reader_that_ends_early_has_lost(self):
        self.assertTrue(self.judge(GOOD[:-1])[0])

    def test_an_entry_seen_twice_is_a_duplicate(self):
        self.assertTrue(self.judge([*GOOD, seen(3)])[1])

    def test_an_id_stored_twice_is_a_duplicate(self):
        self.assertTrue(self.judge([], [*ROWS, (4, "ada", "a1", "one")])[1])

    def test_a_gap_is_a_disorder(self):
        self.assertTrue(self.judge([seen(1), seen(3)])[2])
        self.assertTrue(self.judge([], [ROWS[0], ROWS[2]])[2])

    def test_one_that_overtakes_another_is_a_disorder(self):
        self.assertTrue(self.judge([said("a2"), said("a1"), seen(1), seen(2), seen(3)])[2])

    def test_a_go_client_gets_the_log_without_its_own_lines(self):
        rows = [(1, "ada", "a1", "one"), (2, "go", "g1-1", "G types 1"), (3, "ada", "a2", "three")]
        line = {"what": "line", "username": "ada"}
        typed = {"what": "typed", "message": "G types 1"}
        connected = {"what": "connected"}
        good = [connected, {**line, "message": "one"}, typed, {**line, "message": "three"}]
        self.assertEqual(self.judge(good, rows, "check_go"), (False, False, False))
        # Anew, from the beginning: by now the line is another connection's.
        again = [connected, *({**line, "message": text} for text in ("one", "G types 1", "three"))]
        self.assertEqual(self.judge([*good, *again], rows, "check_go"), (False, False, False))
        self.assertTrue(self.judge([connected, {**line, "message": "three"}], rows, "check_go")[2])
        twice = [*rows, (4, "go", "g1-2", "G types 1")]
        self.assertTrue(self.judge(good, twice, "check_go")[1])

    def test_the_output_of_tail(self):
        lines = [{"seq": seq, "id": id, "text": text} for seq, _, id, text in ROWS]
        self.assertEqual(self.judge(lines, how="check_tail"), (False, False, False))
        self.assertTrue(self.judge(lines[:2], how="check_tail")[0])
        self.assertTrue(self.judge([*lines, lines[2]], how="check_tail")[1])
        self.assertTrue(self.judge([lines[0], lines[2]], how="check_tail")[2])

    def test_the_receipts_of_send(self):
        def judge(output, said_lines):
            checker = Checker(ROWS)
            checker.check_sender(output, said_lines)
            return bool(checker.lost), bool(checker.disordered)

        self.assertEqual(judge("1 a1\n3 a2\n", ["one", "three"]), (False, False))
        self.assertTrue(judge("1 a1\n", ["one", "three"])[0])
        self.assertTrue(judge("1 a1\n2 a2\n", ["one", "three"])[0])
        self.assertTrue(judge("3 a2\n1 a1\n", ["three", "one"])[1])


if __name__ == "__main__":
    unittest.main()
