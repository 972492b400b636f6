-- Grain: one case that a figure gained or lost since the week before.
-- case_no: 办件编号
-- cause, cases: as figure_changes
select case_no, cause, cases
from figure_changes
order by cause, cases desc, case_no
