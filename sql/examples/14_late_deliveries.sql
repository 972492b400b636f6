-- zh: 补报的办件，按批次
-- en: cases that came later than their week, by delivery
select delivery_id, week_ending, sum(accepted) as accepted, sum(completed) as completed from late_deliveries where is_in_scope group by delivery_id, week_ending order by delivery_id, week_ending
