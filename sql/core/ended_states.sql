-- Grain: one known state that a changed case brings to its end.
-- case_no: 办件编号
-- to_delivery: the delivery that ends it
select n.case_no, n.delivery_no as to_delivery
from changed_cases n
where exists (select 1 from prior_states s where s.case_no = n.case_no)
