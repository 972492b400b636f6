-- becomes: a table
-- Grain: one contested case that no single row decides: its evidence has to be put in order.
-- case_no: 办件编号
select c.case_no
from contested_cases c
anti join succeeded_cases s on s.case_no = c.case_no
