-- Grain: one known state that a changed case brings to its end.
-- state_row: where it stands in case_states
-- to_delivery: the delivery that ends it
select s.state_row, n.delivery_no as to_delivery
from changed_cases n
join prior_states s on s.case_no = n.case_no
