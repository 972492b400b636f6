-- Grain: one case of which more is told than one row: it stands in several, or is known already. All others are what their row says.
-- case_no: 办件编号
select case_no from repeated_cases
union
select case_no from prior_states
