-- becomes: newer values of case_states, by case_no where to_delivery is null
-- Grain: one known case that has changed: its state ends.
-- case_no: 办件编号
-- to_delivery: the delivery that ends it
select case_no, delivery_no as to_delivery
from decided_cases
where is_changed and is_known
