-- becomes: newer values of outcomes, by outcome_key
-- Grain: one pair of result and status known already, judged by other rules. Columns: as judged_outcomes.
select * from judged_outcomes
