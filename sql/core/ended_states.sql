-- Grain: one known state that a changed case brings to its end.
-- state_row: where it stands in case_states
-- to_delivery: the delivery that ends it
select state_row, delivery_no as to_delivery
from merged_cases
where is_changed and state_row is not null
