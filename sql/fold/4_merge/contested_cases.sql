-- becomes: a table
-- Grain: one case that stands in several rows, or is known already. All others are what their row says.
-- case_no: 办件编号
select case_no from repeated_cases
union
select case_no from prior_states
