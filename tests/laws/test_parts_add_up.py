"""Law: the parts of a figure, of its change and of its revision add up."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from drawing import Silent, build_warehouse, deliver, fold_in_memory, update_warehouse
from histories import CUT_OFFS, History, histories, lay_out
from hypothesis import event, given, settings
from hypothesis import strategies as st
from told_figures import WEEK, take_apart

from flows.domain.cases import LAST_DELIVERY, Measure, Window
from flows.domain.holidays import PROGRAM_CALENDAR
from flows.domain.text import BadInput, CheckFailed, NothingToDo
from flows.figures import section
from flows.figures.causes import Causes, find_delivery, list_changes, list_differences
from flows.figures.counts import count_in_window, find_newest_day
from flows.jobs import publish, revisions, verify, weekly
from flows.root.project import Project
from flows.warehouse.plan import plan_withdrawal
from flows.warehouse.reading import open_read_only


@settings(max_examples=6)
@given(histories())
def test_the_parts_of_every_figure_add_up_and_the_figure_before_is_the_ledgers(history: History) -> None:
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(history))
        update_warehouse(project)
        with open_read_only(project) as engine:
            before = count_in_window(
                engine, PROGRAM_CALENDAR.week_ending(WEEK.previous_end).year_to_date, WEEK.previous_end
            )
            if find_newest_day(engine, WEEK.year_to_date) is None:
                return
        for group in ("licence", "public_service", "other_power", "unclassified", "out_of_scope"):
            for measure in Measure:
                explained = take_apart(project, f"{group} {measure}")
                assert explained.cases_before == getattr(before[group], measure)
                assert sum(part.cases for part in explained.causes) <= explained.cases


@settings(max_examples=10)
@given(histories())
def test_what_a_printed_figure_leads_on_to_adds_up_to_it(history: History) -> None:
    with fold_in_memory(lay_out(history)) as engine:
        figures = section.compute_figures(engine, Project(Path()).profile, WEEK)
    printed = {group.group: group.year_to_date for group in figures.groups}
    assert len(figures.figure_parts) == 2 * len(printed)
    for found in figures.figure_parts:
        for parts in (found.departments, found.files):
            assert sum(part.cases for part in parts) == getattr(printed[found.group], found.measure)


@settings(max_examples=5)
@given(histories(min_files=2), st.lists(st.integers(0, 2), min_size=4, max_size=4), st.booleans())
def test_the_parts_add_up_however_late_deliveries_came_and_whatever_was_withdrawn(
    history: History, arrivals: list[int], is_one_withdrawn: bool
) -> None:
    arriving = list(zip(history, arrivals, strict=False))
    with TemporaryDirectory() as folder:
        for turn in sorted({arrival for _, arrival in arriving}):
            project = deliver(Path(folder), lay_out(file for file, arrival in arriving if arrival == turn))
            update_warehouse(project)
        if is_one_withdrawn:
            gone = history[0].name[:10]
            build_warehouse(project, plan_withdrawal(project, gone, "误报", Silent()))
        with open_read_only(project) as engine:
            if find_newest_day(engine, WEEK.year_to_date) is None:
                return
        for words in ("licence accepted", "licence completed", "out_of_scope accepted"):
            explained = take_apart(project, words)
            assert explained.cases - explained.cases_before == sum(part.cases for part in explained.causes)


@settings(max_examples=8)
@given(histories(min_files=2), st.integers(1, 3))
def test_the_parts_of_a_revision_add_up_and_the_replay_is_exact_whatever_came_later(
    history: History, signed_files: int
) -> None:
    """`revise` refuses parts that do not add up; here each difference is also told by counting both sides."""
    with TemporaryDirectory() as folder:
        project = deliver(Path(folder), lay_out(history[:signed_files]))
        try:
            weekly.weekly(project, date(2022, 7, 22), Silent())
        except (BadInput, CheckFailed, NothingToDo):  # nothing that could be signed
            return
        names = {"issue": 1, "serial": 1}
        published = publish.publish_unsigned(project, date(2022, 7, 22), "甲", "乙", Silent(), **names)
        deliver(Path(folder), lay_out(history))
        update_warehouse(project)
        (revision,) = revisions.revise(project, None, Silent())
        for figure in revision.figures:
            assert figure.published == published.figures[figure.group][figure.measure]
            assert figure.today - figure.published == sum(cases for _, cases in figure.causes)
        assert verify.verify(project, date(2022, 7, 22), Silent()).other_form == ()


@settings(max_examples=10)
@given(histories(min_files=2))
def test_what_changed_since_weeks_were_told_is_the_same_by_one_warehouse_and_by_two(history: History) -> None:
    weeks = [date.fromisoformat(cut_off) for cut_off in CUT_OFFS]
    with fold_in_memory(lay_out(history)) as today:
        told = {end: range(1, find_delivery(today, end) + 1) for end in weeks}
        at_once = list_changes(today, told)
        for end in weeks:
            with fold_in_memory(lay_out(file for file in history if file.name[:10] <= str(end))) as earlier:
                differences = list_differences(today, earlier, {end: LAST_DELIVERY})[end]
            assert in_order(at_once[end]) == in_order(differences)


@settings(max_examples=10)
@given(histories(min_files=2), st.data())
def test_what_a_belated_delivery_changed_is_known_without_reading_again_wherever_it_adds_up(
    history: History, data: st.DataObject
) -> None:
    """A week is told by some of the deliveries, and the others come later, whatever their cut-offs."""
    cut_offs = sorted({file.name[:10] for file in history})
    early = data.draw(st.sets(st.sampled_from(cut_offs), min_size=1))
    end = date.fromisoformat(CUT_OFFS[-1])
    window = Window(date(end.year, 1, 1), end)
    with (
        fold_in_memory(lay_out(history)) as today,
        fold_in_memory(lay_out(file for file in history if file.name[:10] in early)) as earlier,
    ):
        numbers = {row["delivery_id"]: row["delivery_no"] for row in today.read("deliveries").dicts()}
        known = list_changes(today, {end: {numbers[cut_off] for cut_off in early}})[end]
        now, before = count_in_window(today, window), count_in_window(earlier, window)
        for group in now:
            for measure in Measure:
                change = getattr(now[group], measure) - getattr(before[group], measure)
                if sum(cases for _, cases in known.get((group, measure), ())) != change:
                    event("read again")
                    return
        event("known")
        assert in_order(known) == in_order(list_differences(today, earlier, {end: LAST_DELIVERY})[end])


def in_order(causes: Causes) -> dict[tuple[str, Measure], list[tuple[str, int]]]:
    return {figure: sorted(found) for figure, found in causes.items() if found}
