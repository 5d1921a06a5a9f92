from inline_snapshot import snapshot

from qgjob.cli.tables import Column, Table, draw

JOB_ID = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"
TABLE = Table(
    columns=(
        Column(title="Job ID", whole=True),
        Column(title="Status"),
        Column(title="Test"),
        Column(title="N", right=True),
    ),
    rows=((JOB_ID, "FAILED", "tests/a/very/long/way/to/the/checkout.spec.ts", "1"), (JOB_ID, "RUNNING", "x.ts", "12")),
)


def test_where_there_is_no_terminal_every_row_is_one_plain_line() -> None:
    assert draw(TABLE, width=None, colour=False) == snapshot("""\
Job ID                                Status   Test                                            N
0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a  FAILED   tests/a/very/long/way/to/the/checkout.spec.ts   1
0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a  RUNNING  x.ts                                           12\
""")


def test_on_a_narrow_terminal_text_is_folded_and_an_id_never() -> None:
    lines = draw(TABLE, width=20, colour=False).splitlines()
    assert sum(JOB_ID in line for line in lines) == 2
    assert max(len(line) for line in lines) <= 36 + 3 * (8 + 2) + 2


def test_colour_is_for_words_that_mean_something() -> None:
    drawn = draw(TABLE, width=200, colour=True)
    assert "\x1b[31mFAILED" in drawn
    assert "\x1b[36mRUNNING" in drawn
    assert draw(TABLE, width=200, colour=False).count("\x1b") == 0


def test_a_table_without_rows_is_its_headings() -> None:
    assert draw(Table(columns=TABLE.columns, rows=()), width=None, colour=False) == "Job ID  Status  Test  N"


def test_markup_in_a_cell_is_text() -> None:
    table = Table(columns=(Column(title="Test"),), rows=(("[bold]tests/[id].spec.ts[/bold]",),))
    assert draw(table, width=None, colour=False) == "Test\n[bold]tests/[id].spec.ts[/bold]"
